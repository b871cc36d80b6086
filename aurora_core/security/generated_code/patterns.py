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
        "types.FunctionType", "types.CodeType", "pkgutil.get_loader", "zipimport.zipimporter",
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
        "tb_frame",
    ]
)
"""The steps by which code climbs from any object to the built-ins."""
LOOKUPS: Final = frozenset({"globals", "locals", "vars"})
BY_NAME: Final = frozenset({"getattr", "setattr", "hasattr", "delattr"})
HOLDERS: Final = frozenset({"os", "sys", "posix", "nt", "asyncio"})
"""Modules that may be used by name, but not handed on as a value."""
WITHIN: Final = frozenset({"subprocess", "builtins", "importlib", "ctypes", "pickle"})
"""Modules that others have imported, so that there is a way to them: ``shutil.subprocess.run``."""
