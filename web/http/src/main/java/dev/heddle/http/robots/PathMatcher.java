package dev.heddle.http.robots;

/** One path, compared with patterns of robots.txt, as long as its steps last: the patterns are of strangers. */
final class PathMatcher {

    private static final int MAX_STEPS = 10_000_000;

    private final String path;
    private int stepsLeft = MAX_STEPS;

    PathMatcher(String path) {
        this.path = path;
    }

    /** Whether the steps did not last; then nothing matches any more. */
    boolean isExhausted() {
        return stepsLeft <= 0;
    }

    /**
     * Whether a pattern matches the beginning of the path. Only the last star is ever tried again, so there are no more
     * steps than the product of both lengths.
     */
    boolean matches(String pattern) {
        boolean whole = pattern.endsWith("$");
        int end = whole ? pattern.length() - 1 : pattern.length();
        int star = -1;
        int triedFrom = 0;
        int p = 0;
        int i = 0;
        while (stepsLeft-- > 0) {
            if (p < end && pattern.charAt(p) == '*') {
                star = p++;
                triedFrom = i;
            } else if (p == end && (!whole || i == path.length())) {
                return true;
            } else if (p < end && i < path.length() && pattern.charAt(p) == path.charAt(i)) {
                p++;
                i++;
            } else if (star >= 0 && triedFrom < path.length()) {
                p = star + 1;
                i = ++triedFrom;
            } else {
                return false;
            }
        }
        stepsLeft = 0;
        return false;
    }
}
