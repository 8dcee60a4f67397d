package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When io_uring is not even tried. */
final class UringSupportTest {

    private static final String FREE = "Name:\tjava\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n";

    @Test
    void oldKernelIsNamed() {
        assertTrue(UringSupport.whyNot("5.15.0-91-generic", "", FREE).orElseThrow().contains("needs Linux 6.1"));
        assertTrue(UringSupport.whyNot("6.0.19", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("4.4.0", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("unheard of", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("6", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("6.", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("6-1", "", FREE).isPresent());
        assertTrue(UringSupport.whyNot("99999999999.1", "", FREE).isPresent());
    }

    @Test
    void newKernelThatForbidsNothingIsTrusted() {
        assertEquals(Optional.empty(), UringSupport.whyNot("6.1.0-13-amd64", "0\n", FREE));
        assertEquals(Optional.empty(), UringSupport.whyNot("6.18.44", "", FREE));
        assertEquals(Optional.empty(), UringSupport.whyNot("10.0.1", "", FREE));
        assertEquals(Optional.empty(), UringSupport.whyNot("6.1", "", "Seccomp:\t0"));
    }

    @Test
    void settingOfTheKernelForbidsIt() {
        assertEquals(
                Optional.of("kernel.io_uring_disabled forbids it"), UringSupport.whyNot("6.12.0", "2\n", FREE));
    }
}
