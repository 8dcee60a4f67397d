package dev.heddle.sim.programs;

/** A failure that a random program throws; each is another. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Failure(int number) {
        super("failure " + number, null, true, false);
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
