package dev.heddle.bench;

import java.io.IOException;

/** A client that looks names up, in a process whose time can be told from the name server's. */
interface NameClient extends AutoCloseable {

    /** The most look-ups under way at once of those who have no thread for each. */
    int AT_ONCE = 100;

    /**
     * Looks names up, each once.
     *
     * @throws IOException if the client ends instead
     */
    Answered ask(Names names) throws IOException;

    /** The process that asks. */
    long pid();

    @Override
    default void close() {}

    /**
     * The names of a round.
     *
     * @param letter what they begin with: the server loses the questions about some that begin with {@link #LOSSY}
     * @param round makes them others than those of the rounds before
     */
    record Names(char letter, int round, int count) {

        static final char WARM = 'w';
        static final char LOSSY = 'h';

        String name(int index) {
            return letter + Integer.toString(index) + ".r" + round + ".names.test";
        }
    }

    /**
     * How a round went.
     *
     * @param nanos the time of all
     * @param mostNanos the time within which 99 of 100 look-ups had their answer
     */
    record Answered(long nanos, long mostNanos) {}
}
