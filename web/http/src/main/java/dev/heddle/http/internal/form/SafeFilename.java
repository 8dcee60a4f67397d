package dev.heddle.http.internal.form;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The safe form of the name that a peer gives its file: fit to be a name in a directory of ours, on every usual system.
 */
public final class SafeFilename {

    /** Room for a suffix of the program's own below the 255 bytes of most file systems. */
    private static final int MAX_BYTES = 200;

    /** What is left of a name when nothing is. */
    private static final String NOTHING = "file";

    /** Names that are devices on Windows, with any extension. */
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private SafeFilename() {}

    /** The last segment, without what has a meaning to a file system, shell or terminal. Never empty. */
    public static String of(String filename) {
        int slash = Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\'));
        var safe = new StringBuilder();
        int bytes = 0;
        for (int i = slash + 1; i < filename.length();) {
            int c = filename.codePointAt(i);
            i += Character.charCount(c);
            int kept = isPlain(c) ? c : '_';
            // A dot or blank in front hides a file, a dash makes it an option.
            boolean leads = safe.isEmpty() && (kept == '.' || kept == ' ' || kept == '-');
            bytes += leads ? 0 : utf8Length(kept);
            if (bytes > MAX_BYTES) {
                break;
            }
            if (!leads) {
                safe.appendCodePoint(kept);
            }
        }
        stripEnd(safe);
        String name = safe.isEmpty() ? NOTHING : safe.toString();
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        if (!DEVICES.contains(stem)) {
            return name;
        }
        safe.insert(0, '_');
        if (safe.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            safe.setLength(safe.offsetByCodePoints(safe.length(), -1));
            stripEnd(safe);
        }
        return safe.toString();
    }

    /** Windows forgets dots and blanks at the end, and so would open another file. */
    private static void stripEnd(StringBuilder name) {
        while (!name.isEmpty() && (name.charAt(name.length() - 1) == '.' || name.charAt(name.length() - 1) == ' ')) {
            name.setLength(name.length() - 1);
        }
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> "<>:\"|?*'`$&;%!#~".indexOf(c) < 0;
        };
    }

    private static int utf8Length(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
}
