package dev.heddle.cli.command;

import java.util.Collection;
import java.util.Optional;

/** The search for the word that was meant, by the number of single-letter edits. */
public final class Spelling {

    /** Words further away than this, or than half their length, are no help. */
    private static final int MAX_EDITS = 3;

    /** Shorter words are all near each other. */
    private static final int MIN_LENGTH = 3;

    private Spelling() {}

    /** The question whether the nearest of the candidates was meant, to end a message with; empty if none is near. */
    public static String hint(String word, Collection<String> candidates) {
        return nearest(word, candidates).map(near -> "; did you mean " + near + "?").orElse("");
    }

    /** The nearest of the candidates, if one is near enough; of equal ones the first in the alphabet. */
    private static Optional<String> nearest(String word, Collection<String> candidates) {
        int limit = Math.min(MAX_EDITS, (word.length() + 1) / 2);
        return candidates.stream()
                .filter(candidate -> candidate.length() >= MIN_LENGTH)
                .sorted()
                .min((a, b) -> Integer.compare(edits(word, a), edits(word, b)))
                .filter(best -> edits(word, best) <= limit);
    }

    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(previous[j - 1] + change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
