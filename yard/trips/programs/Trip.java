/** The marks between which is counted. */
final class Trip {

    private Trip() {}

    static void begin() {}

    static void end() {}
}
