package dev.heddle.cli.sight.top;

/**
 * A key of the terminal.
 *
 * @param code what it is
 * @param character what it writes, if it is a {@link Code#CHARACTER}
 */
record KeyPress(Code code, char character) {

    /** What a key is. */
    enum Code {
        CHARACTER,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        LEFT,
        RIGHT,
        ENTER,
        ESCAPE,
        BACKSPACE,
        INTERRUPT,
        F1,
        F2,
        F3,
        F4,
        F5,
        F6,
        F7,
        F8,
        F9,
        F10,
        UNKNOWN
    }

    static KeyPress of(Code code) {
        return new KeyPress(code, '\0');
    }

    static KeyPress of(char character) {
        return new KeyPress(Code.CHARACTER, character);
    }
}
