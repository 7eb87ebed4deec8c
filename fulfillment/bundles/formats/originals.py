"""Original files, such as scanned papers: as they were handed over, beside the records that name them."""

from collections.abc import Iterator

from fulfillment.bundles.base import ExportFormat, Heartbeat, Part
from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.names import collection_paths


class OriginalFiles(ExportFormat):
    """`files/<source>/<collection>/001.pdf`."""

    label = "Original files"
    media_type = "application/octet-stream"
    position = 60

    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        """Every original file of every collection that is in the bundle."""
        paths = collection_paths(contents)
        for collection in contents.exported:
            path = paths[collection.source_key, collection.key]
            for file in collection.files:
                beat()
                yield Part(f"files/{path}/{file.name}", file.media_type, file.open_chunks())


FORMAT = OriginalFiles()
