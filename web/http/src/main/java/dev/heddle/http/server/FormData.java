package dev.heddle.http.server;

import dev.heddle.http.Form;
import java.util.List;
import java.util.Optional;

/**
 * The data of an HTML form, all of it: fields as text and files.
 *
 * <pre>{@code
 * FormData data = request.formData();
 * String title = data.fields().get("title").orElse("");
 * for (UploadedFile file : data.files("photo")) { file.saveTo(directory.resolve(newName())); }
 * }</pre>
 *
 * <p>Its files are there until the request has ended: when the handler has returned or failed, or, if the response is a
 * stream, when that is written.
 *
 * <p>Threads: tasks of the server's loop. To test code that uses it, send a body through {@link
 * HttpServer#serve(dev.heddle.io.ByteStream)} and memory streams.
 */
public final class FormData {

    private final Form fields;
    private final List<UploadedFile> files;

    FormData(Form fields, List<UploadedFile> files) {
        this.fields = fields;
        this.files = List.copyOf(files);
    }

    /** The fields, in order. */
    public Form fields() {
        return fields;
    }

    /** The files, in order, without those that a browser sends for an input that was left empty. */
    public List<UploadedFile> files() {
        return files;
    }

    /** The files of one field, in order. */
    public List<UploadedFile> files(String name) {
        return files.stream().filter(file -> file.name().equals(name)).toList();
    }

    /** The first file of a field. */
    public Optional<UploadedFile> file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return "FormData[" + fields.size() + " fields, " + files.size() + " files]";
    }
}
