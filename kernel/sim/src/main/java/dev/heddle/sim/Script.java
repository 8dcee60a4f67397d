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

    /** Who must have run before each of them; empty where that is not known. */
    private final int[] expectedRan;

    /** Who must have run before the last told choice; {@link Schedule#UNKNOWN} where that is not known. */
    private final int fingerprint;

    /** The choices made, the told ones first. */
    private int[] choices;

    /** How many tasks were ready at each. */
    private int[] widths;

    /** Who had run before each. */
    private int[] ran;

    private final int told;

    /** Whether all choices are told, so that there must be no others. */
    private final boolean whole;

    private int made;
    private @Nullable String misfit;

    Script(Schedule schedule) {
        this(schedule.choices().stream().mapToInt(Integer::intValue).toArray(), new int[0], new int[0],
                schedule.fingerprint(), false);
    }

    private Script(int[] told, int[] expected, int[] expectedRan, int fingerprint, boolean whole) {
        this.told = told.length;
        this.whole = whole;
        this.expected = expected;
        this.expectedRan = expectedRan;
        this.fingerprint = fingerprint;
        choices = told;
        widths = new int[told.length];
        ran = new int[told.length];
    }

    /** The usual order: what a search begins with. */
    static Script first() {
        return new Script(new int[0], new int[0], new int[0], Schedule.UNKNOWN, false);
    }

    @Override
    public int pick(int ready, int ranBefore) {
        if (made == widths.length) {
            int larger = Math.max(16, 2 * made);
            choices = Arrays.copyOf(choices, larger);
            widths = Arrays.copyOf(widths, larger);
            ran = Arrays.copyOf(ran, larger);
        }
        int choice = made < told ? choices[made] : 0;
        if (choice >= ready || (made < expected.length && expected[made] != ready)) {
            noteMisfit("there are " + ready + " ready tasks, not "
                    + (made < expected.length ? expected[made] : "more than " + choice));
            choice = 0;
        } else if (!isExpected(ranBefore)) {
            noteMisfit("other tasks have run before");
        }
        choices[made] = choice;
        widths[made] = ready;
        ran[made] = ranBefore;
        made++;
        return choice;
    }

    private boolean isExpected(int ranBefore) {
        if (made < expectedRan.length) {
            return expectedRan[made] == ranBefore;
        }
        return made != told - 1 || fingerprint == Schedule.UNKNOWN || fingerprint == known(ranBefore);
    }

    /** A fingerprint that is not taken for an unknown one. */
    private static int known(int ran) {
        return ran == Schedule.UNKNOWN ? 1 : ran;
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
        return new Script(
                other, Arrays.copyOf(widths, last + 1), Arrays.copyOf(ran, last + 1), Schedule.UNKNOWN, false);
    }

    /** The same choices once more, to the last one. */
    Script again() {
        return new Script(Arrays.copyOf(choices, made), Arrays.copyOf(widths, made), Arrays.copyOf(ran, made),
                Schedule.UNKNOWN, true);
    }

    /** What was chosen, without the usual choices at its end. */
    Schedule schedule() {
        int length = made;
        while (length > 0 && choices[length - 1] == 0) {
            length--;
        }
        Schedule made = Schedule.of(Arrays.copyOf(choices, length));
        return length == 0 ? made : made.withFingerprint(known(ran[length - 1]));
    }

    /**
     * @throws IllegalStateException if the run was not the one that the choices are for
     */
    void requireFollowed() {
        noteEnd();
        if (misfit != null) {
            throw new IllegalStateException(misfit);
        }
    }

    /** Says on a failure that it may be another one than the schedule is for. */
    void tellMisfit(Throwable failure) {
        noteEnd();
        if (misfit != null) {
            failure.addSuppressed(new IllegalStateException(misfit));
        }
    }

    /** The program has ended: with fewer choices than it was told, or more than there were, it is another one. */
    private void noteEnd() {
        if (made < told || (whole && made > told)) {
            noteMisfit("it ends, and " + told + " were told");
        }
    }

    private void noteMisfit(String what) {
        if (misfit == null) {
            misfit = "the program does not fit its schedule any more: at choice " + made + " " + what
                    + ". It has changed, or does not do the same each time: does it use real time, other threads, or what an"
                    + " earlier run has left behind?";
        }
    }
}
