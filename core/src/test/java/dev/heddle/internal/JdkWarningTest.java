package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Only JDKs with the bug are warned about, with what is wrong, what cures it and what silences it. */
final class JdkWarningTest {

    @Test
    void onlyJdksWithTheBugAreWarnedAbout() {
        assertTrue(JdkWarning.isUnsound(Runtime.Version.parse("25.0.3+9-LTS")));
        assertTrue(JdkWarning.isUnsound(Runtime.Version.parse("25")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("25.0.4")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("25.0.4+7-LTS")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("26-ea+1")));
    }

    @Test
    void warningHasTheReasonTheCureAndTheOption() {
        String text = JdkWarning.text(Runtime.Version.parse("25.0.3+9-LTS"));
        assertTrue(text.contains("JDK-8373120"), text);
        assertTrue(text.contains("it is 25.0.3+9-LTS"), text);
        assertTrue(text.contains("run with 25.0.4 or later"), text);
        assertTrue(text.contains("-Dheddle.jdk.warning=false"), text);
    }
}
