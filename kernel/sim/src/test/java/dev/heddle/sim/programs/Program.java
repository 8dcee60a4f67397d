package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A random program: what its main task does. As text it reads like Java, a statement in a line, and is read back from
 * it.
 */
record Program(List<Statement> body) {

    private static final Pattern LINE = Pattern.compile("(?:([a-z])(\\d+)\\.)?(\\w+)\\((\\d*)\\)( \\{|;)");

    Program {
        body = List.copyOf(body);
    }

    /** How many statements it has. */
    int size() {
        return size(body);
    }

    static int size(List<Statement> statements) {
        int size = 0;
        for (Statement each : statements) {
            size += each.size();
        }
        return size;
    }

    /**
     * Reads what {@link #toString} writes. Empty lines and those that begin with {@code //} are passed over.
     *
     * @throws IllegalArgumentException if it is no program
     */
    static Program parse(String text) {
        Iterator<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .iterator();
        return new Program(block(lines, false));
    }

    private static List<Statement> block(Iterator<String> lines, boolean inside) {
        List<Statement> statements = new ArrayList<>();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.equals("}") && inside) {
                return statements;
            }
            statements.add(statement(line, lines));
        }
        if (inside) {
            throw new IllegalArgumentException("a block has no end");
        }
        return statements;
    }

    private static Statement statement(String line, Iterator<String> lines) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no statement: " + line);
        }
        Verb verb = Verb.of(parts.group(1) == null ? ' ' : parts.group(1).charAt(0), parts.group(3));
        boolean block = parts.group(5).equals(" {");
        if (block != verb.form.block || verb.form.number == parts.group(4).isEmpty()) {
            throw new IllegalArgumentException("not how " + verb + " is written: " + line);
        }
        return new Statement(
                verb,
                verb.hasTarget() ? Integer.parseInt(parts.group(2)) : 0,
                verb.form.number ? Integer.parseInt(parts.group(4)) : 0,
                block ? block(lines, true) : List.of());
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        write(body, "", text);
        return text.toString();
    }

    private static void write(List<Statement> statements, String indent, StringBuilder text) {
        for (Statement each : statements) {
            text.append(indent).append(each.line()).append('\n');
            if (each.verb().form.block) {
                write(each.body(), indent + "    ", text);
                text.append(indent).append("}\n");
            }
        }
    }
}
