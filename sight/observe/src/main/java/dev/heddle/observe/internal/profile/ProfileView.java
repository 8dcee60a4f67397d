package dev.heddle.observe.internal.profile;

import dev.heddle.observe.internal.BadRequestException;
import dev.heddle.observe.internal.JsonLines;
import dev.heddle.observe.internal.View;
import dev.heddle.observe.internal.ViewRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A profile of this process for {@code millis} milliseconds, by the processor's time with {@code cpu=true}: the recording of the JDK's Flight Recorder, in lines of
 * {@code base64}. Who asks makes the graph of it, so that this process has little to do.
 */
public final class ProfileView implements View {

    private static final int USUAL_MILLIS = 10_000;
    private static final int MAX_MILLIS = 600_000;
    private static final int LOOK_MILLIS = 500;

    /** So many bytes that their text is not cut; a multiple of 3. */
    private static final int LINE_BYTES = 720;

    /** For the table of views. */
    public ProfileView() {}

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(request.number("millis", 1, MAX_MILLIS, USUAL_MILLIS));
        Path file = Files.createTempFile("heddle-profile", ".jfr");
        try (ProfileRecording recording = begin(request)) {
            long begin = System.nanoTime();
            for (long passed = 0; passed < nanos; passed = System.nanoTime() - begin) {
                out.begin("recording").put("seconds", TimeUnit.NANOSECONDS.toSeconds(passed)).end();
                out.flush();
                pause(Math.min(LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos - passed) + 1));
            }
            recording.writeTo(file);
            send(file, out);
        } finally {
            Files.delete(file);
        }
    }

    private static ProfileRecording begin(ViewRequest request) throws BadRequestException {
        try {
            return new ProfileRecording(request.flag("cpu"));
        } catch (IllegalStateException | NoClassDefFoundError e) {
            throw new BadRequestException("this JVM has no Flight Recorder: " + e.getMessage());
        }
    }

    private static void send(Path file, JsonLines out) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] part = in.readNBytes(LINE_BYTES); part.length > 0; part = in.readNBytes(LINE_BYTES)) {
                out.begin("jfr").put("base64", Base64.getEncoder().encodeToString(part)).end();
            }
        }
    }

    private static void pause(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
