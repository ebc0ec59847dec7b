"""What the scripts of the live pages say, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def player_sentences() -> dict[str, str]:
    """Return the sentences of the sitting's page; `{gaps}` are filled by the script."""
    return {
        "state.before": _("In programma"),
        "state.waiting": _("In attesa del segnale"),
        "state.live": _("In diretta"),
        "state.lost": _("Segnale interrotto"),
        "state.secret": _("Seduta segreta"),
        "state.closed": _("Conclusa"),
        "trouble.lost": _("Segnale interrotto: la seduta continua, il video riprende da solo."),
        "trouble.unreachable": _(
            "Il servizio video non risponde. Riproviamo da soli: non serve ricaricare la pagina."
        ),
        "trouble.offline": _(
            "Il tuo dispositivo è senza rete. Riprendiamo da soli appena torna la connessione."
        ),
        "startsIn": _("Inizia tra {time}"),
        "startsSoon": _("Sta per iniziare: la pagina si aggiorna da sola"),
        "play": _("Riproduci"),
        "pause": _("Metti in pausa"),
        "mute": _("Togli l’audio"),
        "unmute": _("Attiva l’audio"),
        "full": _("Schermo intero"),
        "exitFull": _("Esci da schermo intero"),
        "position": _("{time} di {end}"),
        "atEdge": _("In diretta"),
        "goLive": _("Torna in diretta"),
        "edgeLost": _("In attesa"),
        "found": _("{count} righe trovate"),
        "foundOne": _("1 riga trovata"),
        "speaker.unknown": _("voce non riconosciuta"),
        "speaker.likely": _("{name} (probabile)"),
    }


def hall_sentences() -> dict[str, str]:
    """Return the sentences of the full-page captions."""
    return {
        **player_sentences(),
        "hall.before": _("La seduta non è ancora iniziata."),
        "hall.waiting": _("In attesa del segnale dalla sala."),
        "hall.live": _("In ascolto: i sottotitoli compaiono appena qualcuno parla."),
        "hall.secret": _("Seduta segreta: i sottotitoli sono sospesi."),
        "hall.lost": _("Segnale interrotto: i sottotitoli riprendono da soli."),
        "hall.closed": _("La seduta è conclusa."),
        "awake": _("Lo schermo resta acceso"),
        "asleep": _("Lo schermo può spegnersi: questo browser non permette di impedirlo"),
    }


def regia_sentences() -> dict[str, str]:
    """Return the sentences of the regia."""
    return {
        **player_sentences(),
        "signal.waiting": _("In attesa"),
        "signal.live": _("In onda"),
        "signal.lost": _("Interrotto"),
        "signal.closed": _("Concluso"),
        "source.rtmp": _("Codificatore (RTMP)"),
        "source.camera": _("Telecamera di un computer"),
        "source.srt": _("Codificatore (SRT)"),
        "source.rtsp": _("Telecamera IP (RTSP)"),
        "none": _("—"),
        "audio.good": _("Buono"),
        "audio.low": _("Basso"),
        "audio.clipping": _("Troppo alto"),
        "audio.silent": _("Muto"),
        "audio.silentFor": _("muto da {time}"),
        "audio.absent": _("Assente"),
        "recording.on": _("Registra"),
        "recording.off": _("In attesa del segnale"),
        "recording.stopped": _("Non registra"),
        "captions.on": _("Attivi"),
        "captions.off": _("Fermi"),
        "captions.delay": _("di ritardo medio; entro {p95} s 19 volte su 20"),
        "disk.left": _("di spazio ancora"),
        "disk.free": _("{size} liberi"),
        "viewersOne": _("persona collegata"),
        "viewers": _("persone collegate"),
        "keyframe": _("ogni {seconds} s"),
        "keyframe.remedy": _("troppo rari: impostare 2 s nel codificatore"),
        "fps": _("{count} al secondo"),
        "bitrate": _("{count} kbit/s"),
        "level": _("{level} dB"),
        "noWarnings": _("Tutto regolare."),
        "noEvents": _("Ancora nessun evento."),
        "line.lost": _("La regia non riceve lo stato dal servizio video: riproviamo da soli."),
        "line.offline": _("Questo computer è senza rete: la seduta continua, riproviamo da soli."),
        "copied": _("Copiato"),
        "theme.dark": _("Passa al tema scuro"),
        "theme.light": _("Passa al tema chiaro"),
        "camera.starting": _("Avvio della telecamera…"),
        "camera.on": _("Stai trasmettendo da questo computer"),
        "camera.off": _("Telecamera spenta"),
        "camera.again": _("Collegamento perso: riproviamo da soli."),
        "camera.refused": _(
            "Il browser non dà accesso a telecamera e microfono: consentilo nelle impostazioni del sito."
        ),
        "camera.missing": _("Nessuna telecamera trovata: collegane una e riprova."),
        "camera.unsupported": _(
            "Questo browser non sa registrare in H.264: usa una versione recente di Chrome, Edge o Safari."
        ),
        "camera.key": _("Non è stato possibile ottenere la chiave: ricarica la pagina e riprova."),
    }
