package dev.heddle.internal;

/** The words of objects that may be users' own: cut, and never a failure of theirs. Not for a loop's own thread. */
public final class UserWords {

    private static final int MAX_CHARACTERS = 200;

    private UserWords() {}

    /** What an object says of itself. */
    public static String of(Object given) {
        try {
            String words = given.toString();
            return words.length() <= MAX_CHARACTERS ? words : words.substring(0, MAX_CHARACTERS) + "...";
        } catch (RuntimeException | StackOverflowError e) {
            return "something whose toString() fails";
        }
    }
}
