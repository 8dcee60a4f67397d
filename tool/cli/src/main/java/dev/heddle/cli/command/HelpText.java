package dev.heddle.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a help fitted to {@value #WIDTH} columns: a paragraph with a longer line is broken anew, and what an option means
 * stays in its column. Others are left as they are.
 */
final class HelpText {

    static final int WIDTH = 80;

    /** The beginning of what an option means. */
    private static final Pattern MEANING = Pattern.compile(" *\\S.*?\\s{2,}(?=\\S)");

    private HelpText() {}

    static String fitted(String help) {
        List<String> lines = help.lines().toList();
        var out = new StringBuilder(help.length() + 256);
        for (int from = 0; from < lines.size();) {
            int column = column(lines.get(from));
            int to = from + 1;
            while (to < lines.size() && !lines.get(to).isBlank() && !lines.get(from).isBlank()
                    && indent(lines.get(to)) == column && column(lines.get(to)) == column) {
                to++;
            }
            paragraph(lines.subList(from, to), column).forEach(line -> out.append(line).append('\n'));
            from = to;
        }
        return out.toString();
    }

    private static List<String> paragraph(List<String> lines, int column) {
        if (lines.stream().allMatch(line -> line.length() <= WIDTH)) {
            return lines;
        }
        List<String> fitted = new ArrayList<>();
        var line = new StringBuilder(lines.getFirst().substring(0, column));
        boolean fresh = true;
        for (String word : String.join(" ", lines.stream().map(each -> each.substring(column)).toList()).split(" +",
                -1)) {
            if (!fresh && line.length() + 1 + word.length() > WIDTH) {
                fitted.add(line.toString());
                line.setLength(0);
                line.append(" ".repeat(column));
                fresh = true;
            }
            line.append(fresh ? "" : " ").append(word);
            fresh = false;
        }
        fitted.add(line.toString());
        return fitted;
    }

    /** Where the words of a line begin that may be broken. */
    private static int column(String line) {
        Matcher meaning = MEANING.matcher(line);
        return meaning.lookingAt() ? meaning.end() : indent(line);
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }
}
