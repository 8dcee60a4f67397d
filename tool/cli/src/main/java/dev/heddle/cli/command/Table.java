package dev.heddle.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table for a terminal: columns as wide as their longest cell, numbers to the right.
 *
 * <p>Threads: one.
 */
public final class Table {

    /** Most characters of a cell that others stand behind. */
    private static final int MAX_CELL = 60;

    /** Most characters of a last one, which often ends in a line of code. */
    private static final int MAX_LAST = 200;

    private static final String GAP = "  ";

    private static final String INDENT = "    ";

    private final List<String> head;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param head the words above the columns; those of numbers begin with {@code >} */
    public Table(String... head) {
        this.head = Arrays.stream(head).map(word -> word.replace(">", "")).toList();
        this.right = new boolean[head.length];
        for (int i = 0; i < head.length; i++) {
            right[i] = head[i].startsWith(">");
        }
    }

    /** Adds a row; a cell may hold anything. */
    public void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            row.add(HumanFormat.cut(cells[i], i == cells.length - 1 ? MAX_LAST : MAX_CELL));
        }
        rows.add(row);
    }

    /** Adds a line of its own below a row, which makes no column wider. */
    public void note(String text) {
        rows.add(List.of(INDENT + HumanFormat.cut(text, MAX_LAST)));
    }

    /** All lines, ending in a line end. */
    @Override
    public String toString() {
        int[] widths = new int[right.length];
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(head);
        for (List<String> row : all) {
            for (int i = 0; i < row.size() && row.size() == right.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        var text = new StringBuilder();
        for (List<String> row : all) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int blanks = Math.max(0, widths[i] - width(row.get(i)));
                line.append(i == 0 ? "" : GAP);
                line.repeat(' ', right[i] ? blanks : 0).append(row.get(i)).repeat(' ', right[i] ? 0 : blanks);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
