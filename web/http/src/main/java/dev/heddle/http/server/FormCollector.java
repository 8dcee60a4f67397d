package dev.heddle.http.server;

import dev.heddle.http.Form;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.internal.BoundedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The collector of all parts of a body: fields into memory, files too as long as there is room for them, then into the
 * spool.
 */
final class FormCollector {

    private static final int STEP_BYTES = 64 * 1024;

    /** What a small file gets: a body may have many of them. */
    private static final int FIRST_BYTES = 4 * 1024;

    private final MultipartLimits limits;
    private final UploadSpool spool;
    private final List<String> fields = new ArrayList<>();
    private final List<UploadedFile> files = new ArrayList<>();
    private int memoryLeft;

    FormCollector(MultipartLimits limits, UploadSpool spool) {
        this.limits = limits;
        this.spool = spool;
        this.memoryLeft = limits.memoryBytes();
    }

    FormData collect(MultipartReader parts) {
        for (Part part : parts) {
            String filename = part.head().filename();
            if (filename == null) {
                fields.add(part.name());
                fields.add(part.text(limits.maxFieldBytes()));
            } else {
                add(part, filename);
            }
        }
        return new FormData(Form.of(fields.toArray(String[]::new)), files);
    }

    private void add(Part part, String filename) {
        byte[] first = first(part);
        if (first.length == 0 && filename.isEmpty()) {
            return;
        }
        if (first.length <= memoryLeft) {
            memoryLeft -= first.length;
            files.add(UploadedFile.inMemory(part.head(), first, spool));
            return;
        }
        long begin = spool.size();
        spool.append(first, first.length);
        byte[] step = new byte[STEP_BYTES];
        for (int n = BodyFile.fill(part::read, step); n > 0; n = BodyFile.fill(part::read, step)) {
            spool.append(step, n);
        }
        files.add(UploadedFile.onDisk(part.head(), spool, begin));
    }

    /** All of it if there is room in memory; otherwise more than there is room for. */
    private byte[] first(Part part) {
        byte[] bytes = new byte[(int) Math.min(FIRST_BYTES, memoryLeft + 1L)];
        int size = 0;
        while (size <= memoryLeft) {
            if (size == bytes.length) {
                bytes = BoundedBytes.grown(bytes, size + 1L, memoryLeft + 1L);
            }
            int count = part.read(bytes, size, bytes.length - size);
            if (count < 0) {
                return Arrays.copyOf(bytes, size);
            }
            size += count;
        }
        return bytes;
    }
}
