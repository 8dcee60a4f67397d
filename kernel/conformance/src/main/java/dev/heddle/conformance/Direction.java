package dev.heddle.conformance;

/** The direction of bytes through a {@link FaultProxy}. */
public enum Direction {
    /** From the one who connected to the one who was connected to. */
    TO_SERVER,
    /** The way back. */
    TO_CLIENT
}
