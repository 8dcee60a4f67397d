package dev.heddle.http.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The body of type {@code application/x-www-form-urlencoded}. */
final class FormBody {

    private FormBody() {}

    /** The body for names and values in turn. */
    static ClientBody of(List<String> pairs) {
        if (pairs.size() % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, got " + pairs.size());
        }
        var text = new StringBuilder();
        for (int i = 0; i < pairs.size(); i += 2) {
            text.append(i == 0 ? "" : "&").append(encoded(pairs.get(i))).append('=').append(encoded(pairs.get(i + 1)));
        }
        return new ClientBody.Bytes(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
