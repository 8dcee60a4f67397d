package dev.heddle.http.attack;

import dev.heddle.http.FuzzTarget;

/** The entry point where the fuzzer hands over its bytes. */
public final class FuzzEntry {

    private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty(Fuzz.TARGET));

    private FuzzEntry() {}

    /** Called for each message, by the name that the fuzzer looks for. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        TARGET.check(bytes);
    }
}
