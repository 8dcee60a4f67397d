package dev.heddle.http;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.Arrays;

/** What the fuzz checks of all packages share: where bytes are cut, and the field value in them. */
public final class FuzzBytes {

    private FuzzBytes() {}

    /** The places at which bytes are cut: a few that the bytes themselves tell, and one that makes single bytes. */
    public static int[] cuts(byte[] bytes) {
        int hash = Arrays.hashCode(bytes);
        int length = Math.max(1, bytes.length);
        return new int[]{1, 2, Math.floorMod(hash, length) + 1, Math.floorMod(hash / 31, length) + 1};
    }

    /** As {@link #cuts}, without single bytes for what is long: each piece is some turns of a loop. */
    public static int[] fewCuts(byte[] bytes) {
        return bytes.length < 200 ? cuts(bytes) : Arrays.copyOfRange(cuts(bytes), 2, 4);
    }

    /** What a field may hold of these bytes. */
    public static String fieldValue(byte[] bytes) {
        var value = new StringBuilder();
        Wire.text(bytes).chars().filter(c -> FieldSyntax.isValueChar((char) c)).forEach(c -> value.append((char) c));
        return value.toString().strip();
    }
}
