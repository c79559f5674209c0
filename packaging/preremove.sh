#!/bin/sh
# Stops the worker when the package goes ("remove" of dpkg, 0 of rpm), not when it is
# replaced by the next version.
set -e
if [ -d /run/systemd/system ] && { [ "$1" = remove ] || [ "$1" = 0 ]; }; then
  systemctl disable --now turnwise.service || true
fi
