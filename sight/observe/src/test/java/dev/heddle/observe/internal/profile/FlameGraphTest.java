package dev.heddle.observe.internal.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The page of a flame graph has names as data only, and a policy that lets no other script run. */
final class FlameGraphTest {

    private static final String HOSTILE = "</script><script>alert(1)</script>\u001b[31m \u2028";

    private static String page(Profile profile) throws IOException {
        var out = new StringWriter();
        FlameGraph.write(profile, "process 17 " + HOSTILE, out);
        return out.toString();
    }

    private static Profile hostile() {
        Profile profile = Profile.empty();
        for (int i = 0; i < 3; i++) {
            profile.root().count();
            profile.root().add(HOSTILE).add("App.work");
        }
        return profile;
    }

    @Test
    void hostileNameIsDataAndNoMarkup() throws IOException {
        String page = page(hostile());
        assertFalse(page.contains("alert(1)</script>"), page);
        assertFalse(page.contains("\u001b"));
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*)</script>").matcher(page);
        assertTrue(data.find());
        JsonNode read = new ObjectMapper().readTree(data.group(1));
        assertEquals(HOSTILE, read.get("names").get(1).asString());
        assertEquals(3, read.get("root").get(1).asInt());
    }

    @Test
    void onlyItsOwnScriptMayRun() throws IOException {
        String page = page(hostile());
        assertTrue(page.contains("content=\"default-src 'none'; style-src 'sha256-"), page);
        assertFalse(page.contains("unsafe-inline"));
        assertEquals(2, page.split("<script", -1).length - 1);
    }

    @Test
    void collapsedStackHasItsCountAndNoSeparatorInItsNames() throws IOException {
        Profile profile = Profile.empty();
        profile.root().count();
        profile.root().add("a;b\nc").add("App.work");
        var out = new StringWriter();
        profile.writeCollapsed(out);
        assertEquals("a_b_c;App.work 1\n", out.toString());
    }
}
