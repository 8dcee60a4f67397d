package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who uses a package of Heddle, but for tests, which stand in the packages of what they test. */
final class PackageUsersTest {

    private static Set<String> usersOf(String name) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(each -> !each.contains("test"))
                .collect(Collectors.joining(File.pathSeparator));
        return new PackageUsers(classPath).with(Set.of(name));
    }

    @Test
    void whoNamesATypeIsAUserHoweverManyStepsAway() throws IOException {
        assertTrue(usersOf("dev.heddle.internal.loop").contains("dev.heddle.conformance"));
    }

    @Test
    void whatIsBelowIsNone() throws IOException {
        assertFalse(usersOf("dev.heddle.conformance").contains("dev.heddle.io"));
        assertFalse(usersOf("dev.heddle.io").contains("dev.heddle.engine"));
    }

    @Test
    void serviceHasItsProvidersForUse() throws IOException {
        assertTrue(usersOf("dev.heddle.linux").contains("dev.heddle.engine"));
    }

    @Test
    void packagesOfOneModuleUseEachOther() throws IOException {
        assertTrue(usersOf("dev.heddle.io").contains("dev.heddle.io.internal"));
    }
}
