package dev.heddle.cli.doctor;

import dev.heddle.cli.command.JsonLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param area what kind of thing it is: {@code engine}
 * @param name which one, empty if there is one only: {@code io_uring}
 * @param text what was found
 * @param advice how to change it; empty if there is nothing to change
 */
record Finding(String area, String name, Verdict verdict, String text, String advice) {

    /** How good it is. */
    enum Verdict {
        OK,

        /** It works, and could be faster or give more. */
        HINT,

        /** Programs fail by it, or may stop. */
        WRONG;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int WIDTH = 80;
    private static final int VERDICT = 7;
    private static final int AREA = 13;
    private static final String BLANKS = " ".repeat(VERDICT + AREA);

    static Finding ok(String area, String name, String text) {
        return new Finding(area, name, Verdict.OK, text, "");
    }

    static Finding hint(String area, String name, String text, String advice) {
        return new Finding(area, name, Verdict.HINT, text, advice);
    }

    static Finding wrong(String area, String name, String text, String advice) {
        return new Finding(area, name, Verdict.WRONG, text, advice);
    }

    String json() {
        return JsonLine.of("finding").with("area", area).with("name", name).with("verdict", verdict.word())
                .with("text", text).with("advice", advice).toString();
    }

    /** For a terminal of the usual width; only a word that is longer itself is wider. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>(wrapped(name.isEmpty() ? text : name + ": " + text, ""));
        if (!advice.isEmpty()) {
            lines.addAll(wrapped("-> " + advice, "   "));
        }
        String head = column(verdict.word(), VERDICT) + column(area, AREA);
        return head + String.join("\n" + BLANKS, lines) + "\n";
    }

    private static String column(String word, int width) {
        return word + " ".repeat(Math.max(1, width - word.length()));
    }

    private static List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && BLANKS.length() + line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(indent);
            } else if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
