package dev.heddle.observe.internal;

/**
 * The acts that tools may do to this process beside looking: nothing, unless it was started with {@code -Dheddle.observe=acts}.
 */
final class Acts {

    private static final String SWITCH = "-Dheddle.observe=acts";

    private Acts() {}

    static boolean allowed() {
        return "acts".equals(System.getProperty("heddle.observe", System.getenv("HEDDLE_OBSERVE")));
    }

    /** @throws BadRequestException if they are not allowed */
    static void require() throws BadRequestException {
        if (!allowed()) {
            throw new BadRequestException("this process may only be looked at; it lets tools act if it is started with "
                    + SWITCH + ", or HEDDLE_OBSERVE=acts in its environment");
        }
    }
}
