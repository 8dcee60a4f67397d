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
 */
public record Schedule(List<Integer> choices) {

    public Schedule {
        choices = List.copyOf(choices);
        for (int choice : choices) {
            Checks.atLeast("a choice", choice, 0);
        }
    }

    /** Makes a schedule. */
    public static Schedule of(int... choices) {
        return new Schedule(Arrays.stream(choices).boxed().toList());
    }

    @Override
    public String toString() {
        return choices.stream().map(Object::toString).collect(Collectors.joining(", ", "Schedule.of(", ")"));
    }
}
