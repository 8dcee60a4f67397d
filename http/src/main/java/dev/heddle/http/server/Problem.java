package dev.heddle.http.server;

/** An error as a JSON document (RFC 9457). */
final class Problem {

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

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
