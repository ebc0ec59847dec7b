"""Debian's nginx with our own configuration, on a free port, in a folder of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rig import cpu_s, free_port

ROOT = Path(__file__).parents[2]


def nginx(folder: Path, studio_port: int) -> tuple[subprocess.Popen[bytes], int]:
    """Start Debian's nginx with our configuration on a free port."""
    port = free_port()
    site = (ROOT / "deploy/nginx.conf").read_text()
    site = site.replace("listen 8080", f"listen 127.0.0.1:{port}")
    site = site.replace("127.0.0.1:8002", f"127.0.0.1:{studio_port}")
    site = site.replace("/var/cache/nginx/arengo", str(folder / "cache"))
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (folder / name).mkdir()
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; worker_processes 1; worker_rlimit_nofile 20000; pid {folder}/pid;"
        f"error_log {folder}/error.log; events {{ worker_connections 8000; }} http {{"
        "sendfile on; tcp_nopush on;"  # as Debian's own nginx.conf has them
        f"access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
        f"fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;"
        f"scgi_temp_path {folder}/scgi; {site} }}"
    )
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(folder / "nginx.conf")])
    return process, port


def nginx_cpu_s(master: int) -> float:
    """Return the processor time of nginx's worker and cache processes."""
    pids = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return cpu_s(master) + sum(cpu_s(int(pid)) for pid in pids)
