package dev.heddle.sim;

/** One packet on its way over a link. May arrive more than once. Below the tasks: never waits. */
@FunctionalInterface
interface Packet {

    void arrive();

    /** The link was down for so long that the sender's system gives up. */
    default void timeOut() {}
}
