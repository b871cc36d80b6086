"""Generated code: what reaches for the system is refused, and what only looks like it is not."""

import logging

import pytest

from aurora_core.errors import SecurityError
from aurora_core.guards.generated_code import find_dangers, sanitize_code_output

DANGEROUS = [
    # the guide's five, as they stand
    "import os\nos.system('ls')",
    "import subprocess\nsubprocess.call(['ls'])",
    "eval('1')",
    "exec('x = 1')",
    "__import__('os')",
    # os in other words
    "from os import system\nsystem('ls')",
    "from os import system as s\ns('ls')",
    "import os as o\no.system('ls')",
    "import os\ns = os.system\ns('ls')",
    "import os\no = os\no.system('ls')",
    "import os\na = os\nb = a\nb.system('x')",
    "import os\ngetattr(os, 'system')('ls')",
    "import os\ngetattr(os, 'sys' + 'tem')('ls')",
    "import os\ngetattr(os, f'sys{\"tem\"}')('ls')",
    "import os\ngetattr(os, ''.join(['sys', 'tem']))('ls')",
    "import os\ngetattr(os, 'metsys'[::-1])('ls')",
    "import os\ngetattr(os, 'SYSTEM'.lower())('ls')",
    "import os\ngetattr(os, 'sysXtem'.replace('X', ''))('ls')",
    "import os\ngetattr(os, chr(115) + 'ystem')('ls')",
    "import os\nname = input()\ngetattr(os, name)('ls')",
    "import os\nos.__dict__['system']('ls')",
    "import os\nvars(os)['system']('ls')",
    "from os import *\nsystem('ls')",
    "import os\nos.popen('ls').read()",
    "import os\nos.execv('/bin/sh', ['sh'])",
    "import os\nos.spawnl(0, 'sh')",
    "import os\nos.fork()",
    "import os\nos.posix_spawn('/bin/sh', ['sh'], {})",
    "import os\n[os.system][0]('ls')",
    "import os\n(lambda f: f('ls'))(os.system)",
    "import os\nf = {'x': os.system}['x']\nf('ls')",
    "import os\nlist(map(os.system, ['ls']))",
    "import os\nfor f in (os.system,): f('ls')",
    "import os\ndef g(m): m.system('ls')\ng(os)",
    "import os\n[os][0].system('ls')",
    "import os, sys\nx = [os]",
    "import os.path\nos.system('ls')",
    "import os.path as p\np.os.system('ls')",
    "import shutil\nshutil.os.system('ls')",
    "import logging\nlogging.os.system('ls')",
    "class A:\n    import os\n    os.system('ls')",
    "def f():\n    import os as hidden\n    return hidden.system('ls')",
    "if (s := __import__('os')): s.system('x')",
    "try:\n    import os\n    os.system('x')\nexcept Exception:\n    pass",
    "import os\nwith os.popen('ls') as f: pass",
    "import os\nasync def f(): os.system('ls')",
    "import os\n@os.system\ndef f(): pass",
    "import os\nx: int = os.system('x')",
    "import os\ndel os.system\nos.system",
    "import os\nprint(f'{os.system(\"ls\")}')",
    "import os; os . system ( 'ls' )",
    "import os\nassert os.system('ls') == 0",
    "import os\nraise SystemExit(os.system('ls'))",
    "from posix import system",
    # subprocess and what starts programs
    "import subprocess as sp\nsp.run('ls', shell=True)",
    "from subprocess import Popen\nPopen('ls')",
    "from subprocess import run as r\nr('ls')",
    "from subprocess import *",
    "import subprocess",
    "import pty\npty.spawn('/bin/sh')",
    "import asyncio\nasyncio.create_subprocess_shell('ls')",
    "from asyncio import create_subprocess_exec as c\nc('ls')",
    "import shutil\nshutil.subprocess.run('ls')",
    "import _posixsubprocess",
    "def f():\n    from subprocess import check_output\n    return check_output('ls')",
    # built-ins
    "e = eval\ne('1')",
    "f = exec",
    "compile('1', 'x', 'eval')",
    "__builtins__.eval('1')",
    "__builtins__['eval']('1')",
    "import builtins\nbuiltins.eval('1')",
    "from builtins import eval as e\ne('1')",
    "getattr(__builtins__, 'eval')('1')",
    "globals()['__builtins__']",
    "globals()['eval']('1')",
    "globals()['ev' + 'al']('1')",
    "vars()['__builtins__']",
    "locals()['__import__']('os')",
    "name = input()\nglobals()[name]('1')",
    "print(eval)",
    "x = [exec][0]",
    "list(map(eval, ['1']))",
    "def f(g=eval): return g('1')",
    "lambda: eval('1')",
    "eval ( '1' )",
    "class A:\n    x = eval('1')",
    "__loader__.load_module('os')",
    "def eval(x): pass\ndel eval\neval('1')",
    "_ = __import__\n_('os')",
    # climbing
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()",
    "(lambda: 0).__globals__['os']",
    "f = lambda: 0\nf.__code__",
    "getattr((), '__class__').__base__",
    "getattr((), '__ba' + 'ses__')",
    "print.__self__.__builtins__",
    "x.gi_frame.f_globals",
    "[].__reduce_ex__(2)",
    "import sys\nsys.modules['os'].system('ls')",
    "import sys\nm = sys.modules",
    "import sys\nf(sys)",
    "object.__getattribute__(x, 'y')",
    # bytes into objects, foreign code, loading code
    "import pickle\npickle.loads(b'')",
    "from pickle import loads as l\nl(b'')",
    "import _pickle",
    "import dill",
    "import marshal\nmarshal.loads(b'')",
    "import shelve\nshelve.open('x')",
    "import ctypes\nctypes.CDLL(None)",
    "from ctypes import cdll",
    "import cffi",
    "import importlib\nimportlib.import_module('os')",
    "from importlib import import_module as i\ni('os')",
    "import importlib.util",
    "import runpy\nrunpy.run_path('x')",
    "import pandas as pd\npd.read_pickle('x')",
    "import yaml\nyaml.unsafe_load('x')",
    "import imp",
    # what cannot be looked at
    "def f(:\n  pass",
    "print 'hello'",
    "x = (",
    "\0",
    "eval('1'",
    "if True:\nx = 1",
    "'" * 3 + "os.system",
]

HARMLESS = [
    # words in texts, comments and names
    "# os.system('rm -rf /') is dangerous\nprint('hello')",
    "print('never use eval(')",
    "'''exec( and __import__'''",
    "message = 'subprocess.call is not allowed'",
    "evaluate = 1\nprint(evaluate)",
    "def evaluation(x): return x",
    "executor = None",
    "retrieval(1)",
    "medieval('x')",
    "x = 'os.system'",
    "help_text = f'{1} eval('",
    "import re\nre.compile('a+')",
    "import re\npattern = re.compile(r'eval\\(')",
    "model.eval()",
    "self.model.eval()",
    "df.eval('a + b')",
    "session.exec(statement)",
    "cursor.execute('SELECT 1')",
    "engine.execute(query)",
    "import platform\nplatform.system()",
    "unit.system",
    "config.system('x')",
    "game.popen",
    "db.fork()",
    "def system(name): return name\nsystem('solar')",
    "def compile(text): return text\ncompile('x')",
    "class eval:\n    pass\neval()",
    "def exec(command): return command\nexec('x')",
    "obj.__class__.__name__",
    "type(self).__name__",
    "self.__dict__.update(x=1)",
    "self.__dict__['name']",
    "print(__name__, __file__, __doc__)",
    "if __name__ == '__main__':\n    print('x')",
    "class A:\n    def __init__(self): self.x = 1",
    "class A:\n    def __getattr__(self, name): return name",
    "class A:\n    __slots__ = ('x',)",
    # what modules are for
    "import os\nos.path.join('a', 'b')",
    "import os\nprint(os.getcwd())",
    "import os\nos.environ.get('HOME')",
    "from os import path\npath.exists('x')",
    "import os.path as p\np.join('a', 'b')",
    "import os\nos.makedirs('x')",
    "import os\nos.listdir('.')",
    "import os\nfor root, dirs, files in os.walk('.'): print(root)",
    "import os\nx = os.sep\ny = os.linesep",
    "import os as o\nprint(o.name)",
    "import os\ngetattr(os, 'getcwd')()",
    "import os\nhasattr(os, 'fchmod')",
    "import sys\nprint(sys.version)",
    "import sys\nsys.exit(1)",
    "import sys\nprint('x', file=sys.stderr)",
    "import sys\nsys.path.append('x')",
    "import sys\nfor a in sys.argv: print(a)",
    "import json\njson.loads('{}')",
    "import math\nprint(math.pi)",
    "import asyncio\nasyncio.run(main())",
    "import asyncio\nawait_ = asyncio.sleep(1)",
    "import logging\nlogging.getLogger(__name__).info('eval(')",
    "import shutil\nshutil.copy('a', 'b')",
    "import pathlib\npathlib.Path('x').read_text()",
    "from pathlib import Path",
    "import numpy as np\nnp.load('x.npy')",
    "import pandas as pd\npd.read_csv('x.csv')",
    "import yaml\nyaml.safe_load('x')",
    "import collections\ncollections.Counter('abc')",
    "import itertools\nlist(itertools.chain([1], [2]))",
    "import functools\nfunctools.partial(print, 1)",
    "import types\ntypes.SimpleNamespace(x=1)",
    "import threading",
    "import http.client\nprint(http.client.OK)",
    "from codecs import open",
    "import codecs\ncodecs.encode('x', 'rot13')",
    "import concurrent.futures",
    "import multiprocessing",
    "import inspect\ninspect.signature(print)",
    "import ast",
    "import mycode.code as c\nc.run()",
    "import package.pickles\npackage.pickles.eat()",
    "from dataclasses import dataclass",
    # looking up
    "getattr(x, 'y', None)",
    "getattr(x, name)",
    "getattr(x, 'na' + 'me')",
    "setattr(x, 'y', 1)",
    "x['key']",
    "x['eval' + 's']",
    "globals()['x'] = 1",
    "vars(x)['y']",
    "locals()['y']",
    "d = {'eval': 1}\nprint(d.get('eval'))",
    "vars()",
    # plain programs
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
    "print(sum(range(10)))",
    "x = [i ** 2 for i in range(9)]",
    "with open('x') as f:\n    print(f.read())",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)",
    "class Stack(list):\n    def push(self, x): self.append(x)",
    "async def f():\n    await g()",
    "lambda x: x + 1",
    "match x:\n    case 1: pass",
    "x: dict[str, int] = {}",
    "def f(*args, **kwargs): return args",
    "assert True",
    "",
    "@decorator\ndef f(): pass",
    "while True: break",
    "global_value = 3",
    "from __future__ import annotations",
    "print('ünïcödé')",
    "def f():\n    yield from range(3)",
    "import random\nrandom.choice([1, 2])",
    "import time\ntime.time()",
    "a = b = 1\ndel a",
    "def outer():\n    x = 1\n    def inner():\n        nonlocal x\n        x = 2",
    "x if y else z",
]


def refused(code):
    try:
        return sanitize_code_output(code) != code
    except SecurityError:
        return True


@pytest.mark.parametrize("code", DANGEROUS)
def test_what_reaches_for_the_system_is_refused(code):
    with pytest.raises(SecurityError):
        sanitize_code_output(code)


@pytest.mark.parametrize("code", HARMLESS)
def test_what_only_looks_like_it_passes_as_it_is(code):
    assert sanitize_code_output(code) == code


def test_there_are_many_cases_and_half_of_them_are_harmless():
    cases = len(set(DANGEROUS)) + len(set(HARMLESS))
    assert cases >= 150
    assert 0.45 < len(set(HARMLESS)) / cases < 0.55


def test_the_message_says_what_and_where():
    with pytest.raises(SecurityError, match=r"Dangerous pattern detected: os.system, line 3, and 1 more"):
        sanitize_code_output("import os\n\nos.system('ls')\neval('1')\n")
    assert find_dangers("import os\nx = os.system\n") == [("os.system", 2, 5)]


def test_a_mention_is_noted(caplog):
    caplog.set_level(logging.INFO)
    assert sanitize_code_output("print('never use eval(')") == "print('never use eval(')"
    assert "only mentions eval( in a string or a comment" in caplog.text


@pytest.mark.parametrize(
    "code", ["(" * 10_000 + ")" * 10_000, "x = " + "-" * 100_000 + "1", "a." * 50_000 + "a", "x" * 1_000_001]
)
def test_what_is_too_deep_or_too_long_is_refused_and_not_crashed_on(code):
    with pytest.raises(SecurityError):
        sanitize_code_output(code)


def test_what_is_no_text_is_a_type_error():
    with pytest.raises(TypeError, match="must be a text, not bytes"):
        sanitize_code_output(b"x = 1")
