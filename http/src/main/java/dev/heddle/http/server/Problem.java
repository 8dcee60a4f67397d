package dev.heddle.http.server;

import dev.heddle.http.JsonException;
import dev.heddle.http.JsonFault;

/** An error as a JSON document (RFC 9457). */
final class Problem {

    /** Names the kind of problem (RFC 9457, section 3.1.1); nothing is to be found there (RFC 4151). */
    static final String REFUSED_JSON = "tag:heddle.dev,2026:refused-json";

    private Problem() {}

    static String json(int status, String title, String detail) {
        var json = new StringBuilder("{\"title\":");
        quote(json, title);
        json.append(",\"status\":").append(status);
        if (!detail.isEmpty()) {
            quote(json.append(",\"detail\":"), detail);
        }
        return json.append('}').toString();
    }

    /** A document of the peer that was refused: its words, and the places as the extension {@code errors}. */
    static String json(JsonException refused) {
        var json = new StringBuilder("{\"type\":\"").append(REFUSED_JSON)
                .append("\",\"title\":\"The JSON is not as it must be\",\"status\":400,\"detail\":");
        quote(json, refused.text());
        String between = ",\"errors\":[";
        for (JsonFault fault : refused.faults()) {
            quote(json.append(between).append("{\"pointer\":"), fault.pointer());
            if (!fault.expected().isEmpty()) {
                quote(json.append(",\"expected\":"), fault.expected());
            }
            if (fault.line() > 0) {
                json.append(",\"line\":").append(fault.line()).append(",\"column\":").append(fault.column());
            }
            json.append('}');
            between = ",";
        }
        return json.append(refused.faults().isEmpty() ? ",\"errors\":[]}" : "]}").toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
