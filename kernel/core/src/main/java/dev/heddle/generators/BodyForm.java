package dev.heddle.generators;

/**
 * The form in which a body that is pulled runs: what the property {@code heddle.generators} or
 * {@code HEDDLE_GENERATORS} says.
 */
enum BodyForm {
    /** As a state machine if it can be rewritten as one, else in a continuation. */
    MACHINE,
    /** In a continuation. */
    CONTINUATION;

    /**
     * The one that is asked for.
     *
     * @throws IllegalArgumentException if that is neither
     */
    static BodyForm asked() {
        String property = System.getProperty("heddle.generators");
        String setting = property == null ? System.getenv("HEDDLE_GENERATORS") : property;
        return switch (setting == null ? "" : setting.strip()) {
            case "machine", "" -> MACHINE;
            case "continuation" -> CONTINUATION;
            default -> throw new IllegalArgumentException(
                    "generators run as machine or continuation, not " + setting
                            + " (heddle.generators, HEDDLE_GENERATORS)");
        };
    }
}
