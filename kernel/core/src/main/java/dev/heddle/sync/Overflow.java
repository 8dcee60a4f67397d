package dev.heddle.sync;

/** The rule for an element to a subscriber of a {@link Broadcast} whose buffer is full. */
public enum Overflow {
    /** The sender waits for that subscriber. */
    WAIT,
    /** The oldest element in the buffer gives way, and counts as missed. */
    DROP_OLDEST,
    /** The new element is not given to that subscriber, and counts as missed. */
    DROP_NEWEST,
    /** The subscriber is cut off: it gets what is in its buffer, then a {@link dev.heddle.BrokenException}. */
    DISCONNECT
}
