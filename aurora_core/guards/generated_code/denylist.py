"""What generated code must not reach for."""

from typing import Final

MODULES: Final = frozenset(
    [
        "subprocess",
        "pickle",
        "_pickle",
        "cPickle",
        "cloudpickle",
        "dill",
        "marshal",
        "shelve",
        "ctypes",
        "_ctypes",
        "cffi",
        "importlib",
        "imp",
        "runpy",
        "pty",
        "builtins",
        "code",
        "codeop",
        "_posixsubprocess",
        "pexpect",
        "plumbum",
        "sh",
    ]
)
"""Modules that start programs, make objects of bytes, load code, or hold the built-ins."""
FUNCTIONS: Final = frozenset(
    [
        *(f"os.{name}" for name in ["system", "popen", "fork", "forkpty", "startfile"]),
        *(f"os.posix_spawn{form}" for form in ["", "p"]),
        *(f"os.exec{form}" for form in ["l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"]),
        *(f"os.spawn{form}" for form in ["l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"]),
        "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "sys.modules", "os.__dict__",
        "sys.__dict__", "pandas.read_pickle", "joblib.load", "yaml.unsafe_load",
        "types.CodeType", "pkgutil.get_loader", "pkgutil.resolve_name", "zipimport.zipimporter",
        "jsonpickle.decode", "distutils.spawn.spawn", "pdb.run", "pdb.runeval", "pdb.runctx",
        "cProfile.runctx", "profile.runctx",
    ]
)  # fmt: skip
BUILTINS: Final = frozenset(
    {"eval", "exec", "compile", "__import__", "__builtins__", "__loader__", "__spec__"}
)
ATTRIBUTES: Final = frozenset(
    [
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__bases__",
        "__base__",
        "__mro__",
        "__code__",
        "__closure__",
        "__import__",
        "__reduce__",
        "__reduce_ex__",
        "__getattribute__",
        "__loader__",
        "f_globals",
        "f_builtins",
        "gi_frame",
        "cr_frame",
        "ag_frame",
        "tb_frame",
        "subprocess_exec",
        "subprocess_shell",
    ]
)
"""The steps by which code climbs from any object to the built-ins; an event loop's ways to start programs."""
LOOKUPS: Final = frozenset({"globals", "locals", "vars"})
PICKING: Final = frozenset({"get", "pop", "setdefault", "__getitem__", "__getattribute__"})
"""How a name is looked up without brackets."""
RUNS_TEXT: Final = frozenset(
    {"timeit.timeit", "timeit.repeat", "timeit.Timer", "cProfile.run", "profile.run"}
)
BY_NAME: Final = frozenset({"getattr", "setattr", "hasattr", "delattr"})
HOLDERS: Final = frozenset({"os", "sys", "posix", "nt", "asyncio"})
"""Modules that may be used by name, but not handed on as a value."""
WITHIN: Final = frozenset({"subprocess", "builtins", "importlib", "ctypes", "pickle"})
"""Modules that others have imported, so that there is a way to them: ``shutil.subprocess.run``."""
KNOWN_MODULES: Final = frozenset(
    {"os", "sys", "posix", "subprocess", "asyncio", "pickle", "marshal", "ctypes", "importlib", "builtins"}
)
"""Modules that may be there already where the code runs: it need not import them."""
_HARMLESS: Final = ("importlib.metadata", "importlib.resources")


def is_module(path: str) -> bool:
    """Whether the path leads to or into one of the modules."""
    parts = path.split(".")
    return parts[0] in MODULES and ".".join(parts[:2]) not in _HARMLESS


def is_dangerous(path: str) -> bool:
    """Also by way of another module that imported it: ``shutil.os.system``."""
    parts = [_plain(part) for part in path.split(".")]
    pieces = {".".join(parts[start : start + size]) for start in range(len(parts)) for size in (1, 2, 3)}
    return is_module(path) or bool(FUNCTIONS & pieces) or bool(WITHIN & set(parts[1:-1]))


def is_holder(path: str) -> bool:
    """Also one that another module has imported: ``glob.os``."""
    *_, last = path.split(".")
    return path in HOLDERS or ("." in path and _plain(last) in ("os", "sys"))


def _plain(part: str) -> str:
    """``os`` for what it is made of, and for what modules that keep it to themselves call it."""
    return {"posix": "os", "nt": "os", "_os": "os", "_sys": "sys"}.get(part, part)
