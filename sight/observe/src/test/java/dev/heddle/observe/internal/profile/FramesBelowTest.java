package dev.heddle.observe.internal.profile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Frames that a profile leaves out below a task's body are those of the JDK at hand. Source: JDK 25.0.3 (2026-04). A
 * frame that is not listed shows at the bottom of the stacks.
 */
final class FramesBelowTest {

    @Test
    void classesAndMethodsAreThere() throws Exception {
        for (String frame : Profile.BELOW) {
            int dot = frame.lastIndexOf('.');
            boolean isClass = Character.isUpperCase(frame.charAt(Math.min(dot + 1, frame.length() - 1)));
            Class<?> type = Class.forName(isClass ? frame : frame.substring(0, dot));
            String method = isClass ? "" : frame.substring(dot + 1);
            assertTrue(method.isEmpty() || Arrays.stream(type.getDeclaredMethods()).map(Method::getName)
                    .anyMatch(method::equals), frame);
        }
    }
}
