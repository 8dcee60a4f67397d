package dev.heddle.observe.internal.trace;

import org.jspecify.annotations.Nullable;

/**
 * The labels of what tasks are about, such as routes, as numbers: each text is kept once. There are few in a program;
 * of more than {@value #MAX} the further ones count as one.
 *
 * <p>Threads: the loop's writes; any may read the text of a number that it has seen in the ring.
 */
final class Labels {

    /** Most labels. */
    static final int MAX = 1000;

    private static final String FURTHER = "(further labels)";

    /** So many that the search ends soon. */
    private static final int PLACES = 4096;

    private final @Nullable String[] byHash = new String[PLACES];
    private final int[] numbers = new int[PLACES];
    private final String[] texts = new String[MAX + 1];
    private int size;

    /** The number of a label, from 1; 0 for none. */
    int number(@Nullable String label) {
        if (label == null) {
            return 0;
        }
        int place = label.hashCode() & PLACES - 1;
        while (byHash[place] != null && !label.equals(byHash[place])) {
            place = place + 1 & PLACES - 1;
        }
        if (byHash[place] == null) {
            if (size == MAX) {
                return MAX;
            }
            size++;
            texts[size] = size == MAX ? FURTHER : label;
            numbers[place] = size;
            byHash[place] = label;
        }
        return numbers[place];
    }

    /** The text of a number above 0. */
    String text(int number) {
        return texts[number];
    }
}
