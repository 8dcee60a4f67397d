package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An order in which the tasks of a program run, as far as it is not the usual one: {@link Sim#explore} finds it and
 * {@link Sim#run(Schedule, dev.heddle.Action)} keeps to it. Its {@code toString()} is the Java expression that makes
 * it.
 *
 * @param choices for each moment at which several tasks are ready, which one runs: 0 for the one that waits longest;
 *     after the last of them it is always that one
 * @param fingerprint which tasks have run before the last choice, by which a program is known that has changed; 0 where
 *     it is not known
 */
public record Schedule(List<Integer> choices, int fingerprint) {

    static final int UNKNOWN = 0;

    public Schedule {
        choices = List.copyOf(choices);
        for (int choice : choices) {
            Checks.atLeast("a choice", choice, 0);
        }
    }

    /** Makes a schedule without a fingerprint: it fits each program with so many choices. */
    public static Schedule of(int... choices) {
        return new Schedule(Arrays.stream(choices).boxed().toList(), UNKNOWN);
    }

    /** The same schedule for the one program that it was found for. */
    public Schedule withFingerprint(int fingerprint) {
        return new Schedule(choices, fingerprint);
    }

    @Override
    public String toString() {
        String made = choices.stream().map(Object::toString).collect(Collectors.joining(", ", "Schedule.of(", ")"));
        return fingerprint == UNKNOWN ? made : made + ".withFingerprint(" + fingerprint + ")";
    }
}
