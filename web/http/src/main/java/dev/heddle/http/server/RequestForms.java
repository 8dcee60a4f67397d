package dev.heddle.http.server;

import dev.heddle.CancelScope;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.Form;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodyType;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.form.MultipartBoundary;
import dev.heddle.http.internal.server.EndedWriter;
import dev.heddle.http.internal.server.ResponseBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forms of one request: what its body was read as, and what is to be freed when the request ends. */
final class RequestForms implements AutoCloseable {

    private static final String MULTIPART = "multipart/form-data";

    private final RequestHead head;
    private final RequestBody body;
    private @Nullable Form form;
    private @Nullable FormData data;
    private @Nullable UploadSpool spool;
    private boolean taken;

    RequestForms(RequestHead head, RequestBody body) {
        this.head = head;
        this.body = body;
    }

    /** As {@link Request#form(FormLimits)}. */
    Form form(FormLimits limits) {
        CancelScope.throwIfCancelled();
        Form there = form;
        if (there == null) {
            requireType(BodyType.FORM);
            BodyType.requireUtf8(head.headers());
            take();
            there = FormParser.parse(body.bytes(limits.maxBytes()), limits);
            form = there;
        }
        return there;
    }

    /** As {@link Request#multipart(MultipartLimits)}. */
    MultipartReader multipart(MultipartLimits limits) {
        requireType(MULTIPART);
        String boundary = MultipartBoundary.of(head.headers().first("Content-Type"));
        if (head.bodyLength() > limits.maxTotalBytes()) {
            throw new StatusException(413, "the multipart body is longer than " + limits.maxTotalBytes() + " bytes");
        }
        take();
        return new MultipartReader(body, boundary, limits);
    }

    /** As {@link Request#formData(MultipartLimits)}. */
    FormData data(MultipartLimits limits) {
        CancelScope.throwIfCancelled();
        FormData there = data;
        if (there == null) {
            there = BodyType.of(head.headers()).equals(MULTIPART)
                    ? collect(limits)
                    : new FormData(form(like(limits)), List.of());
            data = there;
        }
        return there;
    }

    private FormData collect(MultipartLimits limits) {
        MultipartReader parts = multipart(limits);
        var files = new UploadSpool(limits.directory());
        spool = files;
        return new FormCollector(limits, files).collect(parts);
    }

    private static FormLimits like(MultipartLimits limits) {
        int most = limits.maxFieldBytes();
        int body = (int) Math.min(limits.maxTotalBytes(), most);
        return FormLimits.DEFAULT
                .withMaxBytes(body)
                .withMaxPairs(limits.maxParts())
                .withMaxNameBytes(most)
                .withMaxValueBytes(most);
    }

    private void requireType(String type) {
        if (!BodyType.of(head.headers()).equals(type)) {
            throw new StatusException(415, "the Content-Type must be " + type);
        }
    }

    private void take() {
        if (taken) {
            throw new IllegalStateException("the body was read as a form before");
        }
        taken = true;
    }

    /**
     * The response, which keeps the files until it is sent if it is one that may read them meanwhile.
     */
    Response keepFor(Response response) {
        UploadSpool files = spool;
        if (files == null || !(response.body() instanceof ResponseBody.Streamed(long length, BodyWriter writer))) {
            return response;
        }
        spool = null;
        return response
                .withBody(new ResponseBody.Streamed(length, new EndedWriter(writer, null, failure -> files.close())));
    }

    @Override
    public void close() {
        UploadSpool files = spool;
        if (files != null) {
            files.close();
        }
    }
}
