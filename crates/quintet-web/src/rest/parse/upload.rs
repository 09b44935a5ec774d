//! Bodies that are one file.

use std::sync::Arc;

use quintet_core::json::{Form, FormValue};
use quintet_core::rest::{Data, FormData};

use super::Parse;
use crate::http::{BoxFuture, Error, HeaderValueParts, Request, Result};
use crate::rest::upload::{Sink, safe_name};

/// Takes the whole body as a file, `file` in the data; the reference's `FileUploadParser`. Its name is the route's
/// parameter `filename`, or that of `Content-Disposition`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileUploadParser;

impl Parse for FileUploadParser {
    fn media_type(&self) -> &'static str {
        "*/*"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let name = name_of(request).and_then(|name| safe_name(&name)).ok_or_else(|| {
                Error::parse_error(
                    "Missing filename. Request should include a Content-Disposition header with a filename parameter.",
                )
            })?;
            let http = &request.site().options().http;
            let mut sink = Sink::new(name, Some(content_type.to_owned()), None, http.file_upload_temp_dir.clone());
            let mut memory = http.file_upload_max_memory_size;
            let mut stream = request.stream()?;
            while let Some(bytes) = stream.next().await? {
                sink.write(&bytes, &mut memory).await?;
            }
            let form = Form(vec![("file".to_owned(), FormValue::File(0))]);
            Ok(Data::Form(FormData { form, files: Arc::new([Arc::new(sink.finish().await?)]) }))
        })
    }
}

fn name_of(request: &Request) -> Option<String> {
    if let Some(name) = request.params().get("filename") {
        return Some(name.to_owned());
    }
    let header = request.header("content-disposition")?;
    HeaderValueParts::parse(&header).get("filename").map(str::to_owned)
}
