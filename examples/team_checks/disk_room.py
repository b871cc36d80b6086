"""A check as a program: is there room on the disk? Says it in JSON."""

import json
import shutil

free = shutil.disk_usage(".").free / 1e9
state = "pass" if free > 1 else "warn" if free > 0.1 else "fail"
print(json.dumps({"state": state, "message": f"{free:.1f} GB are free", "help": "make room"}))
