package dev.heddle.http.internal.syntax;

import dev.heddle.internal.Hash;
import java.util.Arrays;
import java.util.Base64;

/** The entity tag made of the content of a body: nobody finds two bodies with the same one. */
public final class ContentTag {

    private static final int BYTES = 18;

    private ContentTag() {}

    public static String of(byte[] content) {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(Hash.sha256(content), BYTES));
    }
}
