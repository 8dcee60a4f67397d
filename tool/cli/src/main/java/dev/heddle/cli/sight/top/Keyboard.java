package dev.heddle.cli.sight.top;

import dev.heddle.cli.sight.top.KeyPress.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a terminal in raw mode sends: characters of ASCII, and what xterm, the console of Linux and those like
 * them send for the others.
 *
 * <p>Threads: one.
 */
final class Keyboard {

    private static final int ESCAPE = 27;

    /** Longest sequence of a key that we know. */
    private static final int MAX_SEQUENCE = 8;

    private static final Code[] FUNCTIONS = {
            Code.F1, Code.F2, Code.F3, Code.F4, Code.F5, Code.F6, Code.F7, Code.F8, Code.F9, Code.F10};

    /** By what follows ESC and "[" or "O". */
    private static final Map<String, Code> SEQUENCES = Map.ofEntries(
            Map.entry("A", Code.UP),
            Map.entry("B", Code.DOWN),
            Map.entry("C", Code.RIGHT),
            Map.entry("D", Code.LEFT),
            Map.entry("H", Code.HOME),
            Map.entry("F", Code.END),
            Map.entry("1~", Code.HOME),
            Map.entry("7~", Code.HOME),
            Map.entry("4~", Code.END),
            Map.entry("8~", Code.END),
            Map.entry("5~", Code.PAGE_UP),
            Map.entry("6~", Code.PAGE_DOWN),
            Map.entry("P", Code.F1),
            Map.entry("Q", Code.F2),
            Map.entry("R", Code.F3),
            Map.entry("S", Code.F4),
            Map.entry("11~", Code.F1),
            Map.entry("12~", Code.F2),
            Map.entry("13~", Code.F3),
            Map.entry("14~", Code.F4),
            Map.entry("15~", Code.F5),
            Map.entry("17~", Code.F6),
            Map.entry("18~", Code.F7),
            Map.entry("19~", Code.F8),
            Map.entry("20~", Code.F9),
            Map.entry("21~", Code.F10));

    private final InputStream in;

    Keyboard(InputStream in) {
        this.in = in;
    }

    /**
     * The next key; waits for it.
     *
     * @return null at the end of the input
     */
    @Nullable KeyPress next() throws IOException {
        int c = in.read();
        return switch (c) {
            case -1 -> null;
            case 3 -> KeyPress.of(Code.INTERRUPT);
            case '\r', '\n' -> KeyPress.of(Code.ENTER);
            case 8, 127 -> KeyPress.of(Code.BACKSPACE);
            case ESCAPE -> sequence();
            default -> c >= ' ' && c < 127 ? KeyPress.of((char) c) : KeyPress.of(Code.UNKNOWN);
        };
    }

    /** A terminal sends a sequence in one piece, so an ESC that stands alone is the key. */
    private KeyPress sequence() throws IOException {
        if (in.available() == 0) {
            return KeyPress.of(Code.ESCAPE);
        }
        int kind = in.read();
        if (kind != '[' && kind != 'O') {
            return KeyPress.of(Code.UNKNOWN);
        }
        var text = new StringBuilder();
        int c = in.read();
        if (c == '[') { // F1 to F5 on the console of Linux: ESC [ [ A
            int letter = in.read() - 'A';
            return KeyPress.of(letter >= 0 && letter < 5 ? FUNCTIONS[letter] : Code.UNKNOWN);
        }
        while (c >= 0 && text.length() < MAX_SEQUENCE) {
            text.append((char) c);
            if (c >= '@' && c <= '~') {
                break;
            }
            c = in.read();
        }
        return KeyPress.of(SEQUENCES.getOrDefault(text.toString(), Code.UNKNOWN));
    }
}
