#!/usr/bin/env bash
# Installs the programs that read scans and old office formats, and the library that sets the weekly report, where that is possible without asking for a password.
# Never fails: without them only such files stay unread, and chidao names each and the package it needs.
set -u

declare -A package_of=(
  [tesseract]="tesseract-ocr tesseract-ocr-vie tesseract-ocr-rus"
  [soffice]="libreoffice-writer libreoffice-calc"
  [antiword]="antiword"
  [pdftotext]="poppler-utils"
)

missing=()
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=(${package_of[$program]})
done
if command -v tesseract >/dev/null; then
  for language in vie rus; do
    tesseract --list-langs 2>/dev/null | grep -qx "$language" || missing+=("tesseract-ocr-$language")
  done
fi
if ! ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0'; then # the weekly report as PDF
  missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  as_root="sudo -n"
  sudo -n true 2>/dev/null || as_root="none"
fi
if command -v apt-get >/dev/null && [ "$as_root" != "none" ]; then
  echo "Installing system packages: ${missing[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
      </dev/null >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 3 "$log"
  rm -f "$log"
fi
echo "Scans, old office formats and the report as PDF need packages that could not be installed here. To have them, run:"
echo "  sudo apt-get install ${missing[*]}"
exit 0
