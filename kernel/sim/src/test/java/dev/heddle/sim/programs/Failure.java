package dev.heddle.sim.programs;

import dev.heddle.TaskFailedException;

/** A failure that a random program throws; each is another. */
class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Failure(int number) {
        super("failure " + number, null, true, false);
    }

    /** One of some kinds that Heddle may take for something else. */
    static RuntimeException of(int number) {
        return switch (number % 4) {
            case 1 -> new TaskFailedException("failure " + number, new InterruptedException("that of another"));
            case 2 -> new WithoutCause(number);
            default -> new Failure(number);
        };
    }

    @Override
    public String toString() {
        return getMessage();
    }

    /** One whose cause cannot be read. */
    private static final class WithoutCause extends Failure {
        private static final long serialVersionUID = 1L;

        WithoutCause(int number) {
            super(number);
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("the cause cannot be read");
        }
    }
}
