package dev.heddle.cluster.store;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * The place of an entry: a name in a directory. Directories need not be made and do not contain each other: {@code locks}
 * and {@code locks/orders} have nothing in common.
 *
 * @param directory names with {@code /} between them, at most {@value StoreLimits#MAX_DIRECTORY} characters
 * @param name 1 to {@value StoreLimits#MAX_NAME} letters, digits, and {@code - _ . ~ % @}; not {@code .} or {@code ..}
 */
public record Key(String directory, String name) implements Comparable<Key> {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.~%@-]{1," + StoreLimits.MAX_NAME + '}');

    private static final Comparator<Key> ORDER = Comparator.comparing(Key::directory).thenComparing(Key::name);

    /** Checks both. */
    public Key {
        requireDirectory(directory);
        requireName(name);
    }

    /** The directory, if it is one. */
    public static String requireDirectory(String directory) {
        if (directory.length() > StoreLimits.MAX_DIRECTORY) {
            throw new IllegalArgumentException("a directory has at most " + StoreLimits.MAX_DIRECTORY
                    + " characters, not " + directory.length());
        }
        for (String part : directory.split("/", -1)) {
            requireName(part);
        }
        return directory;
    }

    /** The name, if it is one. */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("a name has 1 to " + StoreLimits.MAX_NAME
                    + " letters, digits, or - _ . ~ % @, and is not . or ..");
        }
        return name;
    }

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return directory + '/' + name;
    }
}
