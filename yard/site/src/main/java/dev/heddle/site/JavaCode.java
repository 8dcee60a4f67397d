package dev.heddle.site;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java as HTML, with its words told apart by classes of the style sheet. */
final class JavaCode {

    private static final Pattern TOKEN = Pattern.compile(
            "(?<comment>//[^\\n]*|/\\*.*?\\*/)"
                    + "|(?<string>\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*')"
                    + "|(?<annotation>@\\w+)"
                    + "|(?<number>\\b\\d[\\d_.xXa-fA-FL]*\\b)"
                    + "|(?<keyword>\\b(?:abstract|assert|boolean|break|byte|case|catch|char|class|continue|default|do|double|else"
                    + "|enum|extends|false|final|finally|float|for|if|implements|import|instanceof|int|interface|long|module|new|null"
                    + "|package|permits|private|protected|public|record|return|sealed|short|static|super|switch|synchronized|this"
                    + "|throw|throws|true|try|var|void|volatile|when|while|yield)\\b)",
            Pattern.DOTALL);

    private static final Pattern IMPORTS = Pattern.compile("(?:import [^\\n]*;\\n+){2,}");

    private static final String[] KINDS = {"comment", "string", "annotation", "number", "keyword"};

    private JavaCode() {}

    /** Where the imports at the beginning end, if there are several. */
    static int endOfImports(String code) {
        Matcher imports = IMPORTS.matcher(code);
        return imports.lookingAt() ? imports.end() : 0;
    }

    static String html(String code) {
        StringBuilder html = new StringBuilder(2 * code.length());
        Matcher token = TOKEN.matcher(code);
        int done = 0;
        while (token.find()) {
            html.append(Html.escape(code.substring(done, token.start())));
            html.append("<span class=\"").append(kind(token)).append("\">").append(Html.escape(token.group()))
                    .append("</span>");
            done = token.end();
        }
        return html.append(Html.escape(code.substring(done))).toString();
    }

    private static String kind(Matcher token) {
        for (String kind : KINDS) {
            if (token.group(kind) != null) {
                return kind;
            }
        }
        throw new IllegalStateException("a token of no kind: " + token.group());
    }
}
