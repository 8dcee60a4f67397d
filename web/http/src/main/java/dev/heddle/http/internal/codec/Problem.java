package dev.heddle.http.internal.codec;

import dev.heddle.http.JsonException;
import dev.heddle.http.JsonFault;
import dev.heddle.http.ParameterFault;
import java.util.List;

/** An error as a JSON document (RFC 9457). */
public final class Problem {

    /** Names the kind of problem (RFC 9457, section 3.1.1); nothing is to be found there (RFC 4151). */
    static final String REFUSED_JSON = "tag:heddle.dev,2026:refused-json";

    /** The same for parameters. */
    static final String REFUSED_PARAMETERS = "tag:heddle.dev,2026:refused-parameters";

    private Problem() {}

    public static String json(int status, String title, String detail) {
        var json = new StringBuilder("{\"title\":");
        quote(json, title);
        json.append(",\"status\":").append(status);
        if (!detail.isEmpty()) {
            quote(json.append(",\"detail\":"), detail);
        }
        return json.append('}').toString();
    }

    /** A document of the peer that was refused: its words, and the places as the extension {@code errors}. */
    public static String json(JsonException refused) {
        StringBuilder json = refused(REFUSED_JSON, "The JSON does not match", refused.text());
        String between = "";
        for (JsonFault fault : refused.faults()) {
            quote(json.append(between).append("{\"pointer\":"), fault.pointer());
            why(json, fault.expected(), fault.rule());
            if (fault.line() > 0) {
                json.append(",\"line\":").append(fault.line()).append(",\"column\":").append(fault.column());
            }
            json.append('}');
            between = ",";
        }
        return json.append("]}").toString();
    }

    /** Parameters of the peer that were refused, in the same form. */
    public static String json(String text, List<ParameterFault> faults) {
        StringBuilder json = refused(REFUSED_PARAMETERS, "The parameters are not as they must be", text);
        String between = "";
        for (ParameterFault fault : faults) {
            quote(json.append(between).append("{\"parameter\":"), fault.name());
            json.append(",\"in\":\"").append(fault.in()).append('"');
            why(json, fault.expected(), fault.rule());
            json.append('}');
            between = ",";
        }
        return json.append("]}").toString();
    }

    private static StringBuilder refused(String type, String title, String text) {
        var json = new StringBuilder("{\"type\":\"").append(type).append("\",\"title\":\"").append(title)
                .append("\",\"status\":400,\"detail\":");
        quote(json, text);
        return json.append(",\"errors\":[");
    }

    private static void why(StringBuilder json, String expected, String rule) {
        if (!expected.isEmpty()) {
            quote(json.append(",\"expected\":"), expected);
        }
        if (!rule.isEmpty()) {
            quote(json.append(",\"rule\":"), rule);
        }
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
