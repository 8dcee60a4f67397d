package dev.heddle.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chooser that follows a given schedule and draws nothing; after its end it takes the longest waiting, and notes what
 * there was to choose from.
 */
final class Script implements Chooser {

    /** What there must have been to choose from, for the first choices; empty where that is not known. */
    private final int[] expected;

    /** The choices made, the told ones first. */
    private int[] choices;

    /** How many tasks were ready at each. */
    private int[] widths;

    private final int told;
    private int made;
    private @Nullable String misfit;

    Script(Schedule schedule) {
        this(schedule.choices().stream().mapToInt(Integer::intValue).toArray(), new int[0]);
    }

    private Script(int[] told, int[] expected) {
        this.told = told.length;
        this.expected = expected;
        choices = told;
        widths = new int[told.length];
    }

    /** The usual order: what a search begins with. */
    static Script first() {
        return new Script(new int[0], new int[0]);
    }

    @Override
    public int pick(int ready) {
        if (made == widths.length) {
            int larger = Math.max(16, 2 * made);
            choices = Arrays.copyOf(choices, larger);
            widths = Arrays.copyOf(widths, larger);
        }
        int choice = made < told ? choices[made] : 0;
        if (choice >= ready || (made < expected.length && expected[made] != ready)) {
            noteMisfit(ready);
            choice = 0;
        }
        choices[made] = choice;
        widths[made] = ready;
        made++;
        return choice;
    }

    /** The same choices up to the last one that can still be another, and then that other; null when all were made. */
    @Nullable Script next() {
        int last = made - 1;
        while (last >= 0 && choices[last] + 1 == widths[last]) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        int[] other = Arrays.copyOf(choices, last + 1);
        other[last]++;
        return new Script(other, Arrays.copyOf(widths, last + 1));
    }

    /** What was chosen, without the usual choices at its end. */
    Schedule schedule() {
        int length = made;
        while (length > 0 && choices[length - 1] == 0) {
            length--;
        }
        return Schedule.of(Arrays.copyOf(choices, length));
    }

    /**
     * @throws IllegalStateException if the run was not the one that the choices are for
     */
    void requireFollowed() {
        if (misfit != null) {
            throw new IllegalStateException(misfit);
        }
    }

    /** Says on a failure that it may be another one than the schedule is for. */
    void tellMisfit(Throwable failure) {
        if (misfit != null) {
            failure.addSuppressed(new IllegalStateException(misfit));
        }
    }

    private void noteMisfit(int ready) {
        if (misfit == null) {
            misfit = "the program does not fit its schedule any more: at choice " + made + " there are " + ready
                    + " ready tasks, not " + (made < expected.length ? expected[made] : "more than " + choices[made])
                    + ". It has changed, or does not do the same each time: does it use real time, other threads, or what an"
                    + " earlier run has left behind?";
        }
    }
}
