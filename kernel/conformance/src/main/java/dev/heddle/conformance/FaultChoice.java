package dev.heddle.conformance;

/** The choice of what a {@link FaultProxy} does to each of its connections. */
@FunctionalInterface
public interface FaultChoice {

    /**
     * Chooses the faults of one direction of one connection. To replay, it answers the same to the same numbers.
     *
     * @param connection the number of the connection, from 0 in the order they came
     * @param direction which way the bytes go
     */
    Faults choose(long connection, Direction direction);
}
