package dev.heddle.cluster.store;

/**
 * The place of an entry: a name in a directory. Directories need not be made and do not contain each other: {@code locks}
 * and {@code locks/orders} have nothing in common.
 *
 * @param directory names with {@code /} between them, at most {@value StoreLimits#MAX_DIRECTORY} characters
 * @param name 1 to {@value StoreLimits#MAX_NAME} letters, digits, and {@code - _ . ~ % @}; not {@code .} or {@code ..}
 */
public record Key(String directory, String name) implements Comparable<Key> {

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
        int start = 0;
        for (int end = directory.indexOf('/'); end >= 0; end = directory.indexOf('/', start)) {
            requireName(directory, start, end);
            start = end + 1;
        }
        requireName(directory, start, directory.length());
        return directory;
    }

    /** The name, if it is one. */
    public static String requireName(String name) {
        requireName(name, 0, name.length());
        return name;
    }

    /** Each look at a store makes keys, so this is no pattern. */
    private static void requireName(String text, int start, int end) {
        int length = end - start;
        boolean fits = length > 0 && length <= StoreLimits.MAX_NAME;
        int dots = 0;
        for (int i = start; fits && i < end; i++) {
            char c = text.charAt(i);
            fits = isOfName(c);
            dots += c == '.' ? 1 : 0;
        }
        if (!fits || (dots == length && length <= 2)) {
            throw new IllegalArgumentException("a name has 1 to " + StoreLimits.MAX_NAME
                    + " letters, digits, or - _ . ~ % @, and is not . or ..");
        }
    }

    private static boolean isOfName(char c) {
        return isBetween('a', c, 'z') || isBetween('0', c, '9') || isBetween('A', c, 'Z') || "-_.~%@".indexOf(c) >= 0;
    }

    private static boolean isBetween(char least, char c, char greatest) {
        return least <= c && c <= greatest;
    }

    @Override
    public int compareTo(Key other) {
        int byDirectory = directory.compareTo(other.directory);
        return byDirectory != 0 ? byDirectory : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return directory + '/' + name;
    }
}
