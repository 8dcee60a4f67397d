package dev.heddle.generators;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes the source of a body at random: of statements and expressions of many kinds, any of which may yield. */
final class RandomBodySource {

    private static final List<String> TYPES = List.of("int", "long", "double", "float", "boolean", "String", "Object");
    private static final int MAX_DEPTH = 3;

    private record Variable(String type, String name, boolean isFixed) {}

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<Variable> variables = new ArrayList<>();
    private final List<String> loops = new ArrayList<>();
    private int names;
    private int left;

    RandomBodySource(Random random) {
        this.random = random;
        this.left = 12 + random.nextInt(25);
    }

    /** The block of a lambda with the parameter {@code out} and the list {@code log} around it. */
    String write() {
        line("{");
        variables.add(new Variable("Object", "held", true));
        variables.add(new Variable("long", "wide", true));
        statements(0);
        line("return " + expression("Object", 1) + ";");
        line("}");
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private String newName() {
        return "v" + names++;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String oneOf(String... all) {
        return all[random.nextInt(all.length)];
    }

    private String anyType() {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    // ---- statements ----

    private void block(int depth) {
        line("{");
        inner(depth);
        line("}");
    }

    private void inner(int depth) {
        int before = variables.size();
        statements(depth + 1);
        variables.subList(before, variables.size()).clear();
    }

    private void statements(int depth) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && left > 0; i++) {
            left--;
            statement(depth);
        }
    }

    private void statement(int depth) {
        int kind = random.nextInt(depth >= MAX_DEPTH ? 8 : 17);
        switch (kind) {
            case 0, 1, 2 -> declaration();
            case 3 -> assignment();
            case 4 -> line("log.add(\"\" + " + expression("Object", 1) + ");");
            case 5 -> line("out.yield(" + expression("Object", 1) + ");");
            case 6 -> jump();
            case 7 -> line("log.add(\"result \" + out.yieldFrom(inner(log, " + random.nextInt(3) + ")));");
            case 8, 9 -> {
                line("if (" + expression("boolean", 1) + ")");
                block(depth);
                if (chance(50)) {
                    line("else");
                    block(depth);
                }
            }
            case 10, 11 -> loop(depth);
            case 12, 13, 14 -> tryBlock(depth);
            case 15 -> oldSwitch(depth);
            default -> lateDeclaration(depth);
        }
    }

    private void declaration() {
        String type = anyType();
        String name = newName();
        boolean isFixed = chance(40);
        line((isFixed ? "final " : "") + type + " " + name + " = " + expression(type, 0) + ";");
        variables.add(new Variable(type, name, isFixed));
    }

    private void lateDeclaration(int depth) {
        String type = anyType();
        String name = newName();
        line(type + " " + name + ";");
        line("if (" + expression("boolean", 1) + ") {");
        line(name + " = " + expression(type, 1) + ";");
        line("} else");
        line("{");
        inner(depth);
        line(name + " = " + expression(type, 1) + ";");
        line("}");
        variables.add(new Variable(type, name, false));
    }

    private void assignment() {
        List<Variable> open = variables.stream().filter(each -> !each.isFixed).toList();
        if (open.isEmpty()) {
            declaration();
            return;
        }
        Variable to = open.get(random.nextInt(open.size()));
        boolean isNumber = List.of("int", "long", "double", "float").contains(to.type);
        String operator = isNumber || to.type.equals("String") ? oneOf("=", "+=") : "=";
        line(to.name + " " + operator + " " + expression(to.type, 0) + ";");
    }

    private void jump() {
        String condition = "if (" + expression("boolean", 1) + ") ";
        if (!loops.isEmpty() && chance(60)) {
            line(condition + oneOf("break", "continue") + " " + loops.get(random.nextInt(loops.size())) + ";");
        } else if (chance(50)) {
            line(condition + "return " + expression("Object", 1) + ";");
        } else {
            line(condition + "throw new Oops(" + expression("String", 1) + ");");
        }
    }

    private void loop(int depth) {
        String label = "l" + newName();
        String index = newName();
        String bound = "" + (1 + random.nextInt(3));
        int before = variables.size();
        switch (random.nextInt(4)) {
            case 0 -> line(label + ": for (int " + index + " = 0; " + index + " < " + bound + "; " + index + "++)");
            case 1 -> line(label + ": for (Object " + index + " : List.of(" + expression("int", 1) + ", \"e\"))");
            case 2 -> {
                line("int " + index + " = 0;");
                line(label + ": while (" + index + "++ < " + bound + " && " + expression("boolean", 1) + ")");
            }
            default -> line(label + ": for (long " + index + " : new long[] {" + expression("long", 1) + ", 7})");
        }
        loops.add(label);
        block(depth);
        loops.removeLast();
        variables.subList(before, variables.size()).clear();
    }

    private void tryBlock(int depth) {
        boolean hasResource = chance(25);
        line(hasResource
                ? "try (Res " + newName() + " = new Res(log, " + expression("int", 1) + "))"
                : "try");
        block(depth);
        boolean catches = chance(60);
        if (catches) {
            String failure = newName();
            line("catch (" + oneOf("Oops", "Oops | ArithmeticException", "RuntimeException", "Throwable")
                    + " " + failure + ") {");
            line("log.add(\"caught \" + " + failure + ".getClass().getSimpleName());");
            inner(depth);
            line("}");
        }
        if (chance(50) || (!catches && !hasResource)) {
            line("finally {");
            line("log.add(\"finally\");");
            inner(depth);
            line("}");
        }
    }

    private void oldSwitch(int depth) {
        line("switch (" + expression("int", 1) + " & 3) {");
        for (int i = 0; i < 3; i++) {
            line((i == 2 ? "default" : "case " + i) + ":");
            block(depth);
            if (chance(50)) {
                line("break;");
            }
        }
        line("}");
    }

    // ---- expressions ----

    private String expression(String type, int depth) {
        if (chance(depth >= MAX_DEPTH ? 70 : 20)) {
            List<Variable> fit = variables.stream().filter(each -> each.type.equals(type)).toList();
            if (!fit.isEmpty()) {
                return fit.get(random.nextInt(fit.size())).name;
            }
        }
        if (depth >= MAX_DEPTH) {
            return literal(type);
        }
        if (chance(12)) {
            return "(" + expression("boolean", depth + 1) + " ? " + expression(type, depth + 1) + " : "
                    + expression(type, depth + 1) + ")";
        }
        return switch (type) {
            case "int" -> ofInt(depth + 1);
            case "long" -> ofLong(depth + 1);
            case "double" -> oneOf(
                    "(" + expression("double", depth + 1) + " - " + expression("float", depth + 1) + ")",
                    "(double) " + expression("int", depth + 1));
            case "float" -> "(" + expression("float", depth + 1) + " + " + expression("int", depth + 1) + ")";
            case "boolean" -> ofBoolean(depth + 1);
            case "String" -> oneOf(
                    "(" + expression("String", depth + 1) + " + " + expression(anyType(), depth + 1) + ")",
                    "String.valueOf(" + expression("Object", depth + 1) + ")");
            default -> ofObject(depth + 1);
        };
    }

    private String literal(String type) {
        return switch (type) {
            case "int" -> "" + random.nextInt(100);
            case "long" -> random.nextInt(100) + "L";
            case "double" -> random.nextInt(100) + ".5";
            case "float" -> random.nextInt(100) + ".25f";
            case "boolean" -> oneOf("(log.size() % 2 == 0)", "(count(log) > 3)");
            case "String" -> "\"s" + random.nextInt(10) + "\"";
            default -> oneOf("\"o\"", "1", "out.yield(\"y\")", "List.of()");
        };
    }

    private String ofInt(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> "number(out.yield(" + expression("Object", depth) + "))";
            case 1 -> "(" + expression("int", depth) + oneOf(" + ", " * ", " ^ ") + expression("int", depth) + ")";
            case 2 -> "(" + expression("String", depth) + ").length()";
            case 3 -> "new int[] {1, " + expression("int", depth) + ", 3}[" + expression("int", depth) + " & 1]";
            case 4 -> "count(log)";
            default -> "(100 / " + expression("int", depth) + ")"; // which may fail
        };
    }

    private String ofLong(int depth) {
        return switch (random.nextInt(3)) {
            case 0 -> "plus(" + expression("long", depth) + ", " + expression("double", depth) + ", "
                    + expression("float", depth) + ", " + expression("int", depth) + ")";
            case 1 -> "(" + expression("long", depth) + " << " + expression("int", depth) + ")";
            default -> "(long) " + expression("int", depth);
        };
    }

    private String ofBoolean(int depth) {
        return switch (random.nextInt(4)) {
            case 0 ->
                "(" + expression("boolean", depth) + oneOf(" && ", " || ", " ^ ") + expression("boolean", depth) + ")";
            case 1 -> "(" + expression("int", depth) + oneOf(" < ", " == ") + expression("long", depth) + ")";
            case 2 -> "(out.yield(" + expression("String", depth) + ") instanceof Integer)";
            default -> "!" + expression("boolean", depth);
        };
    }

    private String ofObject(int depth) {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> "out.yield(" + expression(anyType(), depth) + ")";
            case 3 -> "new Pair(" + expression("int", depth) + ", " + expression("Object", depth) + ")";
            case 4 -> "pick(" + expression("Object", depth) + ", " + expression("long", depth) + ", "
                    + expression("Object", depth) + ")";
            case 5 -> patterns(depth);
            case 6 -> lambda(depth);
            case 7 -> "new StringBuilder(" + expression("String", depth) + ").append(" + expression("double", depth)
                    + ").toString()";
            default -> "(\"\" + " + expression(anyType(), depth) + ")";
        };
    }

    private String patterns(int depth) {
        String bound = newName();
        return "switch ((Object) " + expression("Object", depth) + ") { case Integer i" + bound + " when i" + bound
                + " > 2 -> " + expression("Object", depth) + "; case String s" + bound + " -> s" + bound + " + "
                + expression("int", depth) + "; case null -> \"none\"; default -> " + expression("Object", depth)
                + "; }";
    }

    private String lambda(int depth) {
        List<Variable> fixed = variables.stream().filter(Variable::isFixed).toList();
        String captured = fixed.get(random.nextInt(fixed.size())).name;
        return "from(() -> " + captured + " + \" in a lambda \" + secret, " + expression("Object", depth) + ")";
    }
}
