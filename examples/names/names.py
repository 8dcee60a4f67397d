"""Names that documents about Python use: python3 names.py FILE... prints each, and behind a tab the files it is in.

A function or class stands with its module, however it was imported. A member stands behind the call that made what it
is of, or behind a dot where that is not known; an argument in the brackets of what it is given to. A file .py is all
code, of others what is fenced; what does not parse, comments and prose are searched for calls. What a file defines
itself is left out.
"""

import ast
import builtins
import importlib
import pathlib
import re
import sys
import textwrap

FENCE = re.compile(r"(?ms)^[ >]*```[ \w]*\n(.*?)^[ >]*```")
BESIDE = re.compile(r"(?s)#[^\n]*|'''.*?'''|\"\"\".*?\"\"\"")
CALL = re.compile(r"(?a)\b([A-Za-z_](?:[\w.]|\(\)\.)*)\(([^()]*(?:\(\w*,?\)[^()]*)*)")
ARGUMENT = re.compile(r"(?a)(?:^|[,*])\s*([a-z_]+)\s*=(?!=)")
CONSTANT = re.compile(r"(?a)\b(?:GEN_|FIRST_|ALL_)[A-Z]+\b")
DOTTED = re.compile(r"(?a)\b[A-Z]\w+\.[a-z]\w+\b|\basyncio\.\w+")


class Names(ast.NodeVisitor):
    """Finds the names of one file's code; what earlier pieces have imported and assigned is known in later ones."""

    def __init__(self):
        self.imported, self.made, self.found, self.own, self.modules = {}, {}, set(), set(), set()

    def visit_Import(self, node):
        for each in node.names:
            name = each.asname or each.name.split(".")[0]
            self.imported[name] = each.name if each.asname else name
            self.modules.add(name)

    def visit_ImportFrom(self, node):
        for each in node.names:
            if each.name == "*":
                module = importlib.import_module(node.module)
                names = getattr(module, "__all__", dir(module))
                self.imported.update({name: f"{node.module}.{name}" for name in names})
            else:
                self.imported[each.asname or each.name] = f"{node.module}.{each.name}"

    def whole(self, node):
        match node:
            case ast.Await():
                return self.whole(node.value)
            case ast.Name():
                known = self.imported.get(node.id) or self.made.get(node.id)
                return known or (node.id if hasattr(builtins, node.id) else "")
            case ast.Attribute():
                return f"{self.whole(node.value)}.{node.attr}"
            case ast.Call():
                return f"{self.whole(node.func)}()"
            case _:
                return ""

    def add(self, name, argument=None):
        """Of a chain of calls the last two links are kept."""
        links = name.split("().")
        if len(links) > 1:
            name = f"{links[-2].split('.')[-1]}().{links[-1]}"
        elif name.startswith("."):
            name = "." + name.split(".")[-1]
        name = f"{name.split('.')[-1]}({argument}=)" if argument else name
        if not name.endswith("()") and not name.startswith("()"):
            self.found.add(name)

    def visit_Assign(self, node):
        if isinstance(node.value, (ast.Call, ast.Await)):
            for target in node.targets:
                for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if isinstance(each, ast.Name):
                        self.made[each.id] = self.whole(node.value)
        self.generic_visit(node)

    def visit_With(self, node):
        for item in node.items:
            if isinstance(item.optional_vars, ast.Name):
                self.made[item.optional_vars.id] = self.whole(item.context_expr)
        self.generic_visit(node)

    visit_AsyncWith = visit_With

    def visit_Call(self, node):
        for each in node.keywords:
            if each.arg and self.whole(node.func):
                self.add(self.whole(node.func), each.arg)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        self.add(self.whole(node))
        self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in self.imported and node.id not in self.modules or hasattr(builtins, node.id):
            self.add(self.whole(node))

    def search(self, text):
        """Finds what looks like a call where nothing can be parsed."""
        for name, arguments in CALL.findall(text):
            head, dot, tail = name.partition(".")
            whole = name[0].isupper() or hasattr(builtins, name)
            known = self.imported.get(head) or self.made.get(head) or ("" if dot else head if whole else f".{head}")
            self.add(known + dot + tail)
            for argument in ARGUMENT.findall(arguments):
                self.add(known + dot + tail, argument)

    def read(self, path):
        text = path.read_text(encoding="utf-8")
        code = path.suffix == ".py"
        prose = "" if code else FENCE.sub("", text)
        for piece in [text] if code else [textwrap.dedent(each) for each in FENCE.findall(text)]:
            self.own.update(re.findall(r"\b(?:def|class) (\w+)", piece))
            try:
                self.visit(ast.parse(piece))
                prose += "\n".join(BESIDE.findall(piece))
            except SyntaxError:
                prose += piece
                for line in re.findall(r"(?m)^\s*((?:import|from) [^#\n]*?)\s*(?:;.*|#.*)?$", piece):
                    self.visit(ast.parse(line))
        self.search(prose)
        self.found.update(CONSTANT.findall(text), DOTTED.findall(prose))
        return {name for name in self.found if re.split(r"\W+", name.lstrip("."))[0] not in self.own}


def main():
    where = {}
    for path in map(pathlib.Path, sys.argv[1:]):
        for name in Names().read(path):
            where.setdefault(name, set()).add(path.name if path.suffix == ".py" else path.stem[:3])
    for name in sorted(where):
        print(name, " ".join(sorted(where[name])), sep="\t")


if __name__ == "__main__":
    main()
