package dev.heddle.cli.command;

/**
 * The line of a progress bar: a bar, if the end is known and there is room for one, how much is done, how fast, and how
 * long the rest takes.
 */
public final class ProgressLine {

    private static final int MAX_CELLS = 40;
    private static final int MIN_CELLS = 5;

    /** Before one part in so many is done, nobody can say how long the rest takes. */
    private static final int MIN_SHARE = 50;

    private ProgressLine() {}

    /**
     * The line.
     *
     * @param total how many there will be; 0 if nobody knows
     * @param nanos since it began
     * @param more is said behind the rate
     * @param columns most characters of the line
     */
    public static String of(long done, long total, long nanos, String more, int columns) {
        String numbers = HumanFormat.count(done) + (total > 0 ? "/" + HumanFormat.count(total) : "")
                + "  " + HumanFormat.rate(done, nanos) + "  " + more + remaining(done, total, nanos);
        int cells = Math.min(MAX_CELLS, columns - numbers.length() - "[] 100% ".length());
        if (total == 0 || cells < MIN_CELLS) {
            return cut(numbers, columns);
        }
        int filled = (int) (cells * done / total);
        return "[" + "#".repeat(filled) + "-".repeat(cells - filled) + "] " + 100 * done / total + "% " + numbers;
    }

    /** A text, no longer than so many characters. */
    public static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, Math.max(0, columns));
    }

    private static String remaining(long done, long total, long nanos) {
        if (total <= done || done * MIN_SHARE < total) {
            return "";
        }
        return "  " + HumanFormat.time((long) ((double) nanos / done * (total - done))) + " left";
    }
}
